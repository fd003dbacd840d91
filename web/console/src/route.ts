import { signal } from "@preact/signals";

/** Where the console is. Kept in the address's fragment, so the service serves one page. */
export type Route = { page: "list" } | { page: "new" } | { page: "users" } | { page: "session"; id: string };

export const route = signal<Route>(parse(location.hash));

/** Follow the address bar; returns the function that stops following. */
export function followAddress(): () => void {
  const follow = () => {
    route.value = parse(location.hash);
  };
  follow();
  addEventListener("hashchange", follow);
  return () => removeEventListener("hashchange", follow);
}

export function parse(hash: string): Route {
  const [first, id] = hash.replace(/^#\/?/, "").split("/");
  if (first === "sessions" && id) return { page: "session", id: decodeURIComponent(id) };
  if (first === "new" || first === "users") return { page: first };
  return { page: "list" };
}

export function hrefOf(target: Route): string {
  if (target.page === "session") return `#/sessions/${encodeURIComponent(target.id)}`;
  return target.page === "list" ? "#/" : `#/${target.page}`;
}

/** Go somewhere, as a link would. */
export function go(target: Route): void {
  location.hash = hrefOf(target);
}
