import { useId, useRef, useState } from "preact/hooks";
import { Button } from "../ui/Button";
import styles from "./FilePick.module.css";
import { text } from "./text";

export interface FilePickProps {
  label: string;
  hint: string;
  accept: string;
  file: File | null;
  /** Address of a preview, for pictures. */
  preview?: string | null;
  error?: string | undefined;
  onPick: (file: File | null) => void;
}

/** A file to be sent along: chosen or dropped, shown by name and size, replaceable. */
export function FilePick({ label, hint, accept, file, preview, error, onPick }: FilePickProps) {
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const [unreadable, setUnreadable] = useState<string | null>(null);
  const choose = () => input.current?.click();

  function drop(event: DragEvent) {
    event.preventDefault();
    const dropped = event.dataTransfer?.files[0];
    if (dropped) onPick(dropped);
  }

  return (
    <section
      class={styles.pick}
      aria-labelledby={id}
      data-invalid={error ? true : undefined}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
    >
      <input
        ref={input}
        class="hidden-visually"
        type="file"
        accept={accept}
        tabIndex={-1}
        aria-labelledby={id}
        onChange={(event) => onPick(event.currentTarget.files?.[0] ?? null)}
      />
      {preview && preview !== unreadable && (
        <img src={preview} alt={text("new.photoReady")} onError={() => setUnreadable(preview)} />
      )}
      <div class={styles.words}>
        <strong id={id}>{label}</strong>
        <span>{file ? `${file.name} · ${sizeOf(file)}` : hint}</span>
        {error && (
          <span class={styles.error} role="alert">
            {error}
          </span>
        )}
      </div>
      <Button size="small" onClick={choose}>
        {text(file ? "new.replace" : "new.choose")}
        <span class="hidden-visually">: {label}</span>
      </Button>
      {file && (
        <Button size="small" kind="quiet" onClick={() => onPick(null)}>
          {text("new.remove")}
          <span class="hidden-visually">: {label}</span>
        </Button>
      )}
    </section>
  );
}

function sizeOf({ size }: File): string {
  return size < 1_000_000
    ? `${Math.max(1, Math.round(size / 1000))} kB`
    : `${(size / 1_000_000).toFixed(1)} MB`;
}
