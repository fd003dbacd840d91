import { type Failure, failed, type Result, success } from "./result";

/** The browser's fetch, or a hand-written stand-in. */
export type Fetch = (path: string, init: RequestInit) => Promise<Response>;

export interface HttpOptions {
  fetch?: Fetch;
  cookies?: () => string;
  /** Called when the service says that nobody is signed in. */
  onSignedOut?: () => void;
}

export interface Http {
  get<T>(path: string): Promise<Result<T>>;
  post<T>(path: string, body?: unknown): Promise<Result<T>>;
  patch<T>(path: string, body: unknown): Promise<Result<T>>;
}

const UNREACHABLE: Failure = {
  code: "network",
  status: 0,
  message: "The service cannot be reached. Check the network, then try again.",
  messageZh: "无法连接服务，请检查网络后重试。",
};

/** The only place that fetches. Adds the CSRF header, and turns every outcome into a `Result`. */
export function createHttp(options: HttpOptions = {}): Http {
  const send = options.fetch ?? ((path, init) => fetch(path, init));
  const cookies = options.cookies ?? (() => document.cookie);

  async function request<T>(method: string, path: string, body?: unknown): Promise<Result<T>> {
    const response = await attempt(() => send(path, requestInit(method, body, cookies())));
    if (response === null) return failed(UNREACHABLE);
    if (response.status === 401) options.onSignedOut?.();
    if (!response.ok) return failed(await failureOf(response));
    return success((response.status === 204 ? undefined : await attempt(() => response.json())) as T);
  }

  return {
    get: (path) => request("GET", path),
    post: (path, body) => request("POST", path, body),
    patch: (path, body) => request("PATCH", path, body),
  };
}

async function attempt<T>(action: () => Promise<T>): Promise<T | null> {
  try {
    return await action();
  } catch {
    return null;
  }
}

function requestInit(method: string, body: unknown, cookies: string): RequestInit {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRF-Token"] = csrfToken(cookies);
  if (body === undefined) return { method, headers };
  if (body instanceof FormData) return { method, headers, body };
  return { method, headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

/** The double-submit token that the service set as a cookie. */
export function csrfToken(cookies: string): string {
  const found = /(?:^|;\s*)candor_csrf=([^;]*)/.exec(cookies);
  return found ? decodeURIComponent(found[1] ?? "") : "";
}

async function failureOf(response: Response): Promise<Failure> {
  const body = (await attempt(() => response.json())) as Partial<Record<string, string>> | null;
  return {
    code: body?.code ?? `http_${response.status}`,
    status: response.status,
    message: body?.message ?? `The service answered with status ${response.status}. Try again in a moment.`,
    messageZh: body?.message_zh ?? `服务返回状态 ${response.status}，请稍后重试。`,
  };
}
