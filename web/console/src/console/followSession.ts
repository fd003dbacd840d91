import { useEffect, useState } from "preact/hooks";
import { namesCues } from "../assessment/cues";
import { MOVEMENT_KIND, type Movement, movementsOf } from "../movements/movements";
import type { Failure } from "../result";
import type {
  Assessment,
  CallStatus,
  Challenge,
  Questions,
  Reading,
  SessionDetail,
  SpeechHeard,
} from "../types";
import { useConsole } from "./context";
import { useLoad } from "./useLoad";

export type LatestReadings = ReadonlyMap<string, Reading>;

export interface Followed {
  detail: SessionDetail | null;
  /** Every assessment so far, oldest first. */
  assessments: readonly Assessment[];
  /** Every challenge so far, oldest first. */
  challenges: readonly Challenge[];
  /** The questions with their marks; null for an interview without, undefined until they are known. */
  questions: Questions | null | undefined;
  /** The newest reading of each signal that names its cues, by kind; none from before this page was opened. */
  latest: LatestReadings;
  /** Movements of the face so far, oldest first. */
  movements: readonly Movement[];
  /** How much speech was heard; null before anybody listened. */
  speech: SpeechHeard | null;
  call: CallStatus | null;
  /** Live updates stopped coming and are being asked for again. */
  lost: boolean;
  failure: Failure | null;
  /** Why questions or movements from before are not known. */
  missed: Failure | null;
  /** Ask for them again. */
  catchUp: () => void;
  reload: () => void;
  /** Take over what the service answered to something done here. */
  replace: (detail: SessionDetail) => void;
  replaceChallenge: (challenge: Challenge) => void;
  replaceQuestions: (questions: Questions) => void;
}

/** One interview as it goes on: the record, and the newest of everything that the service sends about it. */
export function useSession(id: string): Followed {
  const { api, openStream } = useConsole();
  const loaded = useLoad(() => api.session(id), id);
  const [answered, setAnswered] = useState<SessionDetail | null>(null);
  const [assessments, setAssessments] = useState<readonly Assessment[]>([]);
  const [challenges, setChallenges] = useState<readonly Challenge[]>([]);
  const replaceChallenge = (one: Challenge) => setChallenges((before) => withChallenge(before, one));
  const { questions, replaceQuestions, movements, addMovements, missed, catchUp } = useFound(id);
  const [latest, setLatest] = useState<LatestReadings>(new Map());
  const [speech, setSpeech] = useState<SpeechHeard | null>(null);
  const [call, setCall] = useState<CallStatus | null>(null);
  const [lost, setLost] = useState(false);
  useEffect(() => setAnswered(null), [loaded.value]);

  const detail = answered ?? loaded.value;
  const isOpen = detail !== null && detail.state !== "sealed" && detail.state !== "decided";
  useEffect(() => {
    if (!isOpen) return undefined;
    const stream = openStream(`/api/sessions/${encodeURIComponent(id)}/events`, {
      state: () => loaded.reload(),
      assessment: (data) => setAssessments((before) => withNewest(before, data as Assessment)),
      reading: (data) => {
        setLatest((before) => withReading(before, data as Reading));
        addMovements([data as Reading]);
      },
      speech: (data) => setSpeech(data as SpeechHeard),
      call: (data) => setCall(data as CallStatus),
      challenge: (data) => replaceChallenge(data as Challenge),
      questions: (data) => replaceQuestions(data as Questions),
    });
    void api.challenges(id).then((earlier) => {
      if (earlier.ok) setChallenges((since) => since.reduce(withChallenge, earlier.value));
    });
    void api.assessments(id).then((earlier) => {
      if (earlier.ok) setAssessments((since) => earlier.value.reduceRight(withEarlier, since));
    });
    void api.speech(id).then((earlier) => {
      if (earlier.ok) setSpeech((since) => since ?? earlier.value);
    });
    catchUp();
    let wasLost = false;
    const unfollow = stream.state.subscribe((state) => {
      setLost(state === "lost");
      // A stream that comes back gives only the newest readings.
      if (state === "open" && wasLost) catchUp();
      wasLost = state === "lost";
    });
    return () => {
      unfollow();
      stream.close();
      setLost(false);
    };
  }, [id, isOpen]);

  return {
    detail,
    assessments,
    challenges,
    questions,
    latest,
    movements,
    speech,
    // What was known about the connections is no longer true while nothing comes.
    call: lost ? null : call,
    lost,
    failure: loaded.failure,
    missed,
    catchUp,
    reload: loaded.reload,
    replace: setAnswered,
    replaceChallenge,
    replaceQuestions,
  };
}

/** What was marked and found: as it is told, and, when asked to catch up, as it is stored. */
function useFound(id: string) {
  const { api } = useConsole();
  const [questions, setQuestions] = useState<Questions | null | undefined>(undefined);
  const [movements, setMovements] = useState<readonly Movement[]>([]);
  const [missed, setMissed] = useState<Failure | null>(null);
  const replaceQuestions = (told: Questions | null) =>
    setQuestions((before) => (told ? furtherQuestions(before, told) : (before ?? null)));
  const addMovements = (told: readonly Reading[]) => setMovements((before) => withMovements(before, told));

  function catchUp() {
    setMissed(null);
    void api.questions(id).then((earlier) => {
      if (earlier.ok) replaceQuestions(earlier.value);
      else setMissed(earlier.failure);
    });
    void api.readings(id, MOVEMENT_KIND).then((earlier) => {
      if (earlier.ok) addMovements(earlier.value);
      else setMissed(earlier.failure);
    });
  }

  return { questions, replaceQuestions, movements, addMovements, missed, catchUp };
}

/** Later assessments replace those at or after their moment, as when the analysis begins again after a restart. */
export function withNewest(before: readonly Assessment[], newest: Assessment): readonly Assessment[] {
  return [...before.filter((one) => one.t < newest.t), newest];
}

/** The same map where the reading names no cues, so that nothing is drawn again for the many that do not. */
export function withReading(before: LatestReadings, told: Reading): LatestReadings {
  return namesCues(told) ? new Map(before).set(told.kind, told) : before;
}

/** The same list where none of the readings is of a movement; one that is told again stands there once. */
export function withMovements(before: readonly Movement[], told: readonly Reading[]): readonly Movement[] {
  const fresh = movementsOf(told).filter((one) => !before.some(({ seq }) => seq === one.seq));
  return fresh.length === 0 ? before : [...before, ...fresh].sort((a, b) => a.onset - b.onset);
}

/**
 * A challenge in place of what was known of it; a new one goes to the end.
 *
 * What was known stays where it is further on: the stream may be faster than the answer to a request.
 */
export function withChallenge(before: readonly Challenge[], told: Challenge): readonly Challenge[] {
  const isKnown = before.some((one) => one.id === told.id);
  const further = (one: Challenge) => (howFar(one) > howFar(told) ? one : told);
  return isKnown ? before.map((one) => (one.id === told.id ? further(one) : one)) : [...before, told];
}

/** Whichever knows more: marks are only ever added, and readings of answers only follow. */
export function furtherQuestions(before: Questions | null | undefined, told: Questions): Questions {
  if (!before || told.marks.length > before.marks.length) return told;
  if (told.marks.length < before.marks.length) return before;
  return lastReading(told) < lastReading(before) ? before : told;
}

/** The place of the newest reading among the outputs; -1 where none was made. */
function lastReading({ questions, absent }: Questions): number {
  const read = [absent, ...questions.map((one) => one.behaviour)];
  return Math.max(-1, ...read.flatMap((one) => (one ? [one.seq] : [])));
}

/** A challenge only ever goes on: asked, running step by step, over, over with a result. */
function howFar({ state, step, result }: Challenge): number {
  if (state === "waiting") return -1;
  if (state === "running") return step;
  return result === null ? Number.MAX_VALUE : Number.POSITIVE_INFINITY;
}

function withEarlier(since: readonly Assessment[], earlier: Assessment): readonly Assessment[] {
  const first = since[0];
  return !first || earlier.t < first.t ? [earlier, ...since] : since;
}
