import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Failure, Result } from "../result";

export interface Loaded<T> {
  value: T | null;
  failure: Failure | null;
  loading: boolean;
  reload: () => void;
}

/** What the service said; undefined until it did, where null is an answer too. */
export const known = <T>({ value, loading, failure }: Loaded<T>): T | null | undefined =>
  value === null && (loading || failure) ? undefined : value;

/** Ask the service when `key` changes. The last value stays until a newer one is there; late answers are dropped. */
export function useLoad<T>(ask: () => Promise<Result<T>>, key: string): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, "reload">>({
    value: null,
    failure: null,
    loading: true,
  });
  const latest = useRef(0);
  const reload = useCallback(() => {
    latest.current += 1;
    const mine = latest.current;
    setState((before) => ({ ...before, loading: true }));
    void ask().then((result) => {
      if (mine !== latest.current) return;
      if (result.ok) setState({ value: result.value, failure: null, loading: false });
      else setState((before) => ({ ...before, failure: result.failure, loading: false }));
    });
  }, [key]);
  useEffect(() => {
    reload();
    return () => {
      latest.current += 1;
    };
  }, [reload]);
  return { ...state, reload };
}
