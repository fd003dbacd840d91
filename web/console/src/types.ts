/** The shapes that travel between the service and this console, generated from its OpenAPI, under the console's names. */
import type {
  Challenge,
  ChallengeAnswered,
  ChallengeCueEvent,
  PageReports,
  QuestionMarked,
  SessionDetail,
  State,
} from "./wire";

export type {
  AbsentSignal,
  Assessment,
  AuditEntry,
  Band,
  CallStatus,
  CameraReport,
  Challenge,
  ChallengeResult,
  ChallengeShown,
  ChallengeState,
  CodedReason,
  Config,
  ConfirmedOutcome,
  Consent,
  ConsentGiven,
  Contribution,
  CueBegin,
  CueEnd,
  CueShow,
  Decision,
  Description,
  Evidence,
  FamilyShare,
  Ground,
  GroundSignal,
  IceServer,
  Join,
  JoinLink,
  LinkStatus,
  MovementReplay,
  NewUser,
  NextCheck,
  Outcome,
  Product,
  Proposal,
  Question,
  QuestionBehaviour,
  Questions,
  Reading,
  Reason,
  Reference,
  Rerun,
  Role,
  Sequential,
  SessionDetail,
  SessionPage,
  SessionSummary,
  SignedIn,
  SpeechHeard,
  State as SessionState,
  StatsReport,
  Try,
  User,
  UserChange,
  UserList,
  VoiceDecision,
} from "./wire";

export type Action = SessionDetail["allowed"][number];
export type ChallengeAnswer = ChallengeAnswered["answer"];
export type ChallengeCue = ChallengeCueEvent["data"];
export type ChallengeKind = Challenge["kind"];
export type MarkEvent = QuestionMarked["event"];
export type PageReport = PageReports["reports"][number];
export type AnalysisStatus = import("./wire").AnalysisStatus;

export interface SessionQuery {
  state: State | "";
  q: string;
  page: number;
}
