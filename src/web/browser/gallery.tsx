export const page = 'gallery';
