import { evidenceText, STATE_TONES } from "../assessment/text";
import { failureText, localName } from "../i18n";
import { Review } from "../review/Review";
import { hrefOf } from "../route";
import { commonText } from "../text";
import type { SessionDetail } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { Tag } from "../ui/Tag";
import { useConsole } from "./context";
import { Elapsed } from "./Elapsed";
import { useSession } from "./followSession";
import { Room } from "./Room";
import styles from "./SessionPage.module.css";
import { text } from "./text";

/** One interview: the room while it is open, the review once it is sealed. */
export function SessionPage({ id }: { id: string }) {
  const session = useSession(id);
  const { detail, failure, lost } = session;
  if (!detail)
    return (
      <div class={styles.alone} aria-busy={!failure}>
        {failure && (
          <Banner
            tone="danger"
            action={<Button onClick={session.reload}>{commonText("common.retry")}</Button>}
          >
            {failureText(failure)}
          </Banner>
        )}
      </div>
    );
  const isOpen = detail.state !== "sealed" && detail.state !== "decided";
  return (
    <div class={isOpen ? styles.room : styles.page}>
      <Title detail={detail} />
      {lost && <Banner tone="caution">{commonText("stream.lost")}</Banner>}
      {isOpen ? (
        <Room session={session} detail={detail} />
      ) : (
        <Review detail={detail} onChange={session.replace} />
      )}
    </div>
  );
}

function Title({ detail }: { detail: SessionDetail }) {
  const { config } = useConsole();
  const product = config.products.find((one) => one.id === detail.product);
  return (
    <header class={styles.title}>
      <a href={hrefOf({ page: "list" })} class={styles.back} aria-label={text("app.interviews")}>
        <Icon name="back" />
      </a>
      <h1>{detail.applicant_name}</h1>
      <Tag tone={STATE_TONES[detail.state]} dot={detail.state === "live"}>
        {evidenceText(`state.${detail.state}`)}
      </Tag>
      {detail.simulated && <Tag>{evidenceText("session.simulated")}</Tag>}
      {detail.state === "live" && detail.started_at && <Elapsed since={detail.started_at} />}
      <span class={styles.about}>
        {product ? localName(product) : detail.product} · {detail.officer}
      </span>
    </header>
  );
}
