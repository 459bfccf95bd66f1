export interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly placeholder?: string;
  readonly type?: 'text' | 'number';
}

/** A line to type into. */
export function TextField({ label, value, set, placeholder = '', type = 'text' }: TextFieldProps) {
  return (
    <label>
      <span>{label}</span>
      <input
        type={type}
        value={value}
        placeholder={placeholder}
        autocomplete="off"
        {...(type === 'number' ? { step: 'any' } : {})}
        onInput={(event) => set((event.target as HTMLInputElement).value)}
      />
    </label>
  );
}
