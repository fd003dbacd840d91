import type { Http } from "./http";
import type * as wire from "./types";

/** Everything that an officer, a reviewer or an administrator can ask of the service. */
export function createApi(http: Http) {
  const session = (id: string) => `/api/sessions/${encodeURIComponent(id)}`;
  return {
    login: (username: string, password: string) =>
      http.post<wire.SignedIn>("/api/auth/login", { username, password }),
    logout: () => http.post<void>("/api/auth/logout"),
    me: () => http.get<wire.SignedIn>("/api/auth/me"),
    config: () => http.get<wire.Config>("/api/config"),
    users: () => http.get<wire.UserList>("/api/users"),
    createUser: (user: wire.NewUser) => http.post<wire.User>("/api/users", user),
    changeUser: (id: string, change: wire.UserChange) =>
      http.patch<wire.User>(`/api/users/${encodeURIComponent(id)}`, change),
    sessions: (query: wire.SessionQuery) => http.get<wire.SessionPage>(`/api/sessions?${search(query)}`),
    createSession: (form: FormData) => http.post<wire.SessionDetail>("/api/sessions", form),
    session: (id: string) => http.get<wire.SessionDetail>(session(id)),
    joinLink: (id: string) => http.post<wire.JoinLink>(`${session(id)}/join-link`),
    offer: (id: string, sdp: string) =>
      http.post<wire.Description>(`${session(id)}/offer`, { sdp, type: "offer" }),
    leave: (id: string) => http.post<void>(`${session(id)}/leave`),
    end: (id: string) => http.post<wire.SessionDetail>(`${session(id)}/end`),
    decide: (id: string, outcome: wire.Outcome, reason: string) =>
      http.post<wire.SessionDetail>(`${session(id)}/decision`, { outcome, reason }),
    replaceVoice: (id: string, form: FormData) =>
      http.post<wire.SessionDetail>(`${session(id)}/references/voice`, form),
    revokeReference: (id: string, modality: wire.Reference["modality"], reason: string) =>
      http.post<wire.SessionDetail>(`${session(id)}/references/${modality}/revoke`, { reason }),
    /** Every assessment, or only those after the output `after`. */
    assessments: (id: string, after = -1) =>
      http.get<wire.Assessment[]>(`${session(id)}/assessments${after < 0 ? "" : `?after=${after}`}`),
    readings: (id: string, kind?: string) =>
      http.get<wire.Reading[]>(`${session(id)}/readings${kind ? `?kind=${encodeURIComponent(kind)}` : ""}`),
    speech: (id: string) => http.get<wire.SpeechHeard | null>(`${session(id)}/speech`),
    replay: (id: string, seq: number) =>
      http.get<wire.MovementReplay>(`${session(id)}/movements/${seq}/replay`),
    outcome: (id: string) => http.get<wire.ConfirmedOutcome | null>(`${session(id)}/outcome`),
    audit: (id: string) => http.get<wire.AuditEntry[]>(`${session(id)}/audit`),
    rerun: (id: string) => http.post<wire.Rerun>(`${session(id)}/rerun`),
    challenges: (id: string) => http.get<wire.Challenge[]>(`${session(id)}/challenges`),
    askChallenge: (id: string, kind: wire.ChallengeKind) =>
      http.post<wire.Challenge>(`${session(id)}/challenges`, { kind }),
    questions: (id: string) => http.get<wire.Questions | null>(`${session(id)}/questions`),
    markQuestion: (id: string, question: string, event: wire.MarkEvent) =>
      http.post<wire.Questions>(`${session(id)}/questions/${encodeURIComponent(question)}/marks`, { event }),
    cancelChallenge: (id: string, challenge: string) =>
      http.post<wire.Challenge>(`${session(id)}/challenges/${encodeURIComponent(challenge)}/cancel`),
  };
}

export type Api = ReturnType<typeof createApi>;

/** Addresses that the browser loads by itself: images, media, event streams. */
export const sessionUrl = (
  id: string,
  what: "events" | "join-qr.svg" | "id-photo" | "recording" | "officer-recording" | "report.html",
) => `/api/sessions/${encodeURIComponent(id)}/${what}`;

/** Where an ended challenge can be checked by another person: seed, plan and what the page signed. */
export const challengeRecordUrl = (id: string, challenge: string) =>
  `/api/sessions/${encodeURIComponent(id)}/challenges/${encodeURIComponent(challenge)}/record`;

/** Everything that the applicant's page can ask, with the link's token as its only right. */
export function createJoinApi(http: Http, token: string) {
  const base = `/api/join/${encodeURIComponent(token)}`;
  const challenge = (id: string) => `${base}/challenges/${encodeURIComponent(id)}`;
  return {
    info: () => http.get<wire.Join>(base),
    consent: (consent: wire.ConsentGiven) => http.post<wire.Join>(`${base}/consent`, consent),
    offer: (sdp: string, pageKey?: string) =>
      http.post<wire.Description>(`${base}/offer`, { sdp, type: "offer", page_key: pageKey }),
    leave: () => http.post<void>(`${base}/leave`),
    answerChallenge: (id: string, answer: wire.ChallengeAnswer) =>
      http.post<void>(`${challenge(id)}/answer`, { answer }),
    challengeShown: (id: string, shown: wire.ChallengeShown) =>
      http.post<void>(`${challenge(id)}/shown`, shown),
    reportPage: (reports: wire.PageReport[]) => http.post<void>(`${base}/page`, { reports }),
    report: (event: string, detail: string) => http.post<void>(`${base}/report`, { event, detail }),
    eventsUrl: `${base}/events`,
  };
}

export type JoinApi = ReturnType<typeof createJoinApi>;

function search(query: wire.SessionQuery): string {
  const given = new URLSearchParams({ page: String(query.page) });
  if (query.state) given.set("state", query.state);
  if (query.q.trim()) given.set("q", query.q.trim());
  return given.toString();
}
