import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import styles from "./Tabs.module.css";

export interface TabsProps {
  tabs: { id: string; label: string }[];
  selected: string;
  onSelect: (id: string) => void;
  /** The selected tab's content. */
  children: ComponentChildren;
}

export function Tabs({ tabs, selected, onSelect, children }: TabsProps) {
  const base = useId();

  function press(event: KeyboardEvent) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const at = tabs.findIndex((tab) => tab.id === selected);
    const next = tabs[(at + by + tabs.length) % tabs.length];
    if (!next) return;
    onSelect(next.id);
    document.getElementById(`${base}-${next.id}`)?.focus();
  }

  return (
    <div class={styles.card}>
      <div role="tablist" class={styles.list} onKeyDown={press}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            id={`${base}-${tab.id}`}
            type="button"
            role="tab"
            aria-selected={tab.id === selected}
            aria-controls={`${base}-panel`}
            tabIndex={tab.id === selected ? 0 : -1}
            onClick={() => onSelect(tab.id)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div id={`${base}-panel`} role="tabpanel" aria-labelledby={`${base}-${selected}`} class={styles.panel}>
        {children}
      </div>
    </div>
  );
}
