export const page = 'compare';
