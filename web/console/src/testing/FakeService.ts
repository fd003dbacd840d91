import { type Api, createApi, createJoinApi, type JoinApi } from "../api";
import { createHttp, type Fetch } from "../http";

interface Answer {
  status: number;
  body: unknown;
}

/** The service by hand: answers what it was told to, remembers what it was asked, refuses everything else. */
export class FakeService {
  readonly asked: { method: string; path: string; body: unknown }[] = [];
  readonly #answers = new Map<string, Answer>();
  readonly #held = new Map<string, Promise<void>>();

  /** Answer `"POST /api/..."` from now on. */
  answers(request: string, body: unknown, status = 200): this {
    this.#answers.set(request, { status, body });
    return this;
  }

  /** Let `"POST /api/..."` wait for its answer until what is handed back is called. */
  holds(request: string): () => void {
    let release = () => {};
    this.#held.set(request, new Promise((done) => (release = done)));
    return release;
  }

  /** Refuse with a problem, as the service words it. */
  refuses(request: string, code: string, status = 422): this {
    const body = { code, message: `${code} in English`, message_zh: `${code} 中文`, field: null };
    return this.answers(request, body, status);
  }

  /** Bodies that were sent to one address. */
  sentTo(request: string): unknown[] {
    return this.asked.filter((one) => `${one.method} ${one.path}` === request).map((one) => one.body);
  }

  readonly fetch: Fetch = async (path, init) => {
    const method = init.method ?? "GET";
    const body = typeof init.body === "string" ? JSON.parse(init.body) : init.body;
    this.asked.push({ method, path, body });
    await this.#held.get(`${method} ${path}`);
    const answer = this.#answers.get(`${method} ${path}`);
    if (!answer) throw new TypeError(`nobody answers ${method} ${path}`);
    return new Response(answer.status === 204 ? null : JSON.stringify(answer.body), {
      status: answer.status,
    });
  };

  api(): Api {
    return createApi(createHttp({ fetch: this.fetch, cookies: () => "candor_csrf=t" }));
  }

  joinApi(): JoinApi {
    return createJoinApi(createHttp({ fetch: this.fetch, cookies: () => "" }), "tok");
  }
}
