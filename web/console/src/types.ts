/** The shapes that travel between the service and this console, under the names that the console uses. */

export type Role = "officer" | "compliance" | "admin";
export type SessionState =
  | "created"
  | "consented"
  | "waiting"
  | "live"
  | "interrupted"
  | "sealed"
  | "decided";
export type Band = "insufficient" | "proceed" | "step_up" | "refer";
export type Outcome = "approve" | "decline" | "refer";
export type Action = "join_link" | "offer" | "end" | "decide" | "rerun";

export interface User {
  id: string;
  username: string;
  role: Role;
  display_name: string;
  active: boolean;
}

export interface NewUser {
  username: string;
  display_name: string;
  role: Role;
  password: string;
}

export type UserChange = Partial<{ display_name: string; role: Role; password: string; active: boolean }>;

export interface IceServer {
  urls: string;
  username: string | null;
  credential: string | null;
}

export interface Product {
  id: string;
  name_zh: string;
  name_en: string;
}

export interface Config {
  demo: boolean;
  institution: string;
  languages: string[];
  version: string;
  ice_servers: IceServer[];
  products: Product[];
  min_reason_characters: number;
  min_password_characters: number;
}

export interface SessionSummary {
  id: string;
  applicant_name: string;
  product: string;
  language: string;
  state: SessionState;
  created_at: string;
  officer: string;
  probability: number | null;
  band: Band | null;
  decision: Outcome | null;
  duration_s: number | null;
  simulated: boolean;
}

export interface Consent {
  recording: boolean;
  face: boolean;
  voice: boolean;
  behaviour: boolean;
}

export interface Decision {
  outcome: Outcome;
  reason: string;
  by: string;
  at: string;
}

export interface SessionDetail extends Omit<SessionSummary, "decision"> {
  consent: Consent | null;
  join_url: string | null;
  join_expires_at: string | null;
  decision: Decision | null;
  link_opened: boolean;
  has_voice_reference: boolean;
  segments: Segment[];
  has_recording: boolean;
  has_officer_recording: boolean;
  started_at: string | null;
  sealed_at: string | null;
  parameters: string;
  policy: string;
  prior: number;
  models: string[];
  allowed: Action[];
}

export interface Segment {
  side: "applicant" | "officer";
  index: number;
  start: number;
  end: number | null;
}

export interface SessionPage {
  items: SessionSummary[];
  total: number;
  page: number;
  page_size: number;
}

export interface Evidence {
  media: "video" | "audio";
  start: number;
  end: number;
  box: [number, number, number, number] | null;
}

export interface Contribution {
  kind: string;
  contribution: number;
  llr: number;
  bounds: [number, number];
  statistic: number;
  observations: number;
  grade: string;
  evidence: Evidence[];
}

export interface AbsentSignal {
  kind: string;
  reason: string;
  detail: string;
  statistic: number | null;
  observations: number;
}

export interface Assessment {
  seq: number;
  t: number;
  probability: number;
  interval: [number, number];
  prior: number;
  log_odds: number;
  contributions: Contribution[];
  absent: AbsentSignal[];
  coverage: number;
  band: Band;
  family: string;
  calibration: string;
  policy: string;
}

export interface Reading {
  seq: number;
  kind: string;
  type: "observation" | "abstention";
  start: number;
  end: number;
  score: number | null;
  quality: number | null;
  model: string | null;
  reason: string | null;
  detail: string | null;
  covariates: Record<string, number>;
  evidence: Evidence[];
}

export interface LinkStatus {
  connected: boolean;
  kbps: number;
  fps: number;
  loss: number;
}

export interface CallStatus {
  applicant: LinkStatus;
  officer: LinkStatus;
  analysis: { state: "running" | "restarting" | "idle"; level: number; lag_s: number };
}

export interface Rerun {
  largest_difference: number;
  where: string;
  observations: number;
  assessments: number;
  equal: boolean;
  duration_s: number;
}

export interface AuditEntry {
  seq: number;
  at: string;
  actor: string;
  action: string;
  detail: Record<string, string | number | boolean | null>;
}

export interface Join {
  applicant_name: string;
  institution: string;
  product_zh: string;
  product_en: string;
  language: string;
  state: SessionState;
  consent: Consent | null;
  ice_servers: IceServer[];
}

export interface SessionQuery {
  state: SessionState | "";
  q: string;
  page: number;
}

export interface Description {
  sdp: string;
  type: "offer" | "answer";
}
