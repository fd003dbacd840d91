/** Line icons drawn on a 16 px grid, decorative: the text beside them or the button's label says it. */
const PATHS = {
  mic: "M8 1.75a2.25 2.25 0 0 1 2.25 2.25v3.5a2.25 2.25 0 0 1-4.5 0V4A2.25 2.25 0 0 1 8 1.75ZM3.5 7.5a4.5 4.5 0 0 0 9 0M8 12v2.25",
  micOff:
    "M10.25 6.5V4a2.25 2.25 0 0 0-4.4-.68M5.75 6v1.5a2.25 2.25 0 0 0 3.4 1.94M3.5 7.5a4.5 4.5 0 0 0 7 3.74M12.5 7.5c0 .6-.12 1.18-.33 1.7M8 12v2.25M2 2l12 12",
  camera:
    "M2.75 4.5h6.5a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1h-6.5a1 1 0 0 1-1-1v-5a1 1 0 0 1 1-1ZM10.25 7l4-2v6l-4-2",
  cameraOff:
    "M6 4.5h3.25a1 1 0 0 1 1 1V8.5M10.25 7l4-2v6l-2.5-1.25M9.6 11.45a1 1 0 0 1-.35.05h-6.5a1 1 0 0 1-1-1v-5a1 1 0 0 1 .9-1M2 2l12 12",
  leave: "M6.5 2.5h-3a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1h3M10 11l3-3-3-3M13 8H6.5",
  play: "M4.5 2.75v10.5l9-5.25z",
  pause: "M5 3v10M11 3v10",
  search: "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9ZM10.25 10.25 14 14",
  check: "m3 8.5 3.5 3.5L13 4.5",
  plus: "M8 3v10M3 8h10",
  back: "M9.5 3.5 5 8l4.5 4.5",
  forth: "M6.5 3.5 11 8l-4.5 4.5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
