export function Brand() {
  return (
    <svg className="brand-mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <rect width="24" height="24" rx="6" />
      <path d="M5.5 7.5h9v6h-5l-4 3.5v-9.5ZM17 10.5h1.5v8L15.3 16H12" />
    </svg>
  )
}
