import { hrefOf, route } from "../route";
import type { User } from "../types";
import { Button } from "../ui/Button";
import { LanguageSwitch } from "../ui/LanguageSwitch";
import { Tag } from "../ui/Tag";
import styles from "./Header.module.css";
import { text } from "./text";

export function Header({ user, demo, onSignOut }: { user: User; demo: boolean; onSignOut: () => void }) {
  const at = route.value.page;
  return (
    <header class={styles.header}>
      <a class={styles.brand} href={hrefOf({ page: "list" })} aria-label="Candor">
        <Mark />
        <span>Candor</span>
      </a>
      <nav class={styles.nav}>
        <a href={hrefOf({ page: "list" })} aria-current={at === "list" ? "page" : undefined}>
          {text("app.interviews")}
        </a>
        {user.role === "admin" && (
          <a href={hrefOf({ page: "users" })} aria-current={at === "users" ? "page" : undefined}>
            {text("app.users")}
          </a>
        )}
      </nav>
      {demo && (
        <Tag tone="caution" title={text("app.demo")}>
          {text("app.demoShort")}
        </Tag>
      )}
      <span class={styles.space} />
      <LanguageSwitch />
      <span class={styles.person} title={user.username}>
        {user.display_name}
        <small>{text(`role.${user.role}`)}</small>
      </span>
      <Button kind="quiet" size="small" onClick={onSignOut}>
        {text("app.signOut")}
      </Button>
    </header>
  );
}

export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <path
        d="M26 8a13 13 0 1 0 0 16"
        fill="none"
        stroke="currentColor"
        stroke-width="4"
        stroke-linecap="round"
      />
      <circle cx="16" cy="16" r="4.5" fill="currentColor" />
    </svg>
  );
}
