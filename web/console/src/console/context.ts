import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Api } from "../api";
import type { openStream } from "../stream";
import type { Config, User } from "../types";

/** What every page of the console may use; given by the one who starts it. */
export interface Console {
  api: Api;
  config: Config;
  user: User;
  openStream: typeof openStream;
}

export const ConsoleContext = createContext<Console | null>(null);

export function useConsole(): Console {
  const value = useContext(ConsoleContext);
  if (!value) throw new Error("a console page needs ConsoleContext around it");
  return value;
}
