/** What a call to the service comes to: a value, or a failure that has a sentence in every language. */

export interface Failure {
  /** The service's error code, or `network` when no answer came. */
  code: string;
  /** HTTP status, 0 when no answer came. */
  status: number;
  message: string;
  messageZh: string;
}

export type Result<T> = { ok: true; value: T } | { ok: false; failure: Failure };

export const success = <T>(value: T): Result<T> => ({ ok: true, value });

export const failed = (failure: Failure): { ok: false; failure: Failure } => ({ ok: false, failure });
