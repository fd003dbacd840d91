/** The shapes that travel between the service and this console, generated from its OpenAPI, under the console's names. */
import type { SessionDetail, State } from "./wire";

export type {
  AbsentSignal,
  Assessment,
  AuditEntry,
  Band,
  CallStatus,
  Config,
  Consent,
  ConsentGiven,
  Contribution,
  Decision,
  Description,
  Evidence,
  IceServer,
  Join,
  JoinLink,
  LinkStatus,
  NewUser,
  Outcome,
  Product,
  Reading,
  Reason,
  Rerun,
  Role,
  SessionDetail,
  SessionPage,
  SessionSummary,
  SignedIn,
  State as SessionState,
  User,
  UserChange,
  UserList,
} from "./wire";

export type Action = SessionDetail["allowed"][number];
export type AnalysisStatus = import("./wire").AnalysisStatus;

export interface SessionQuery {
  state: State | "";
  q: string;
  page: number;
}
