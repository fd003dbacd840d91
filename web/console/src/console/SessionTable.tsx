import { BAND_TONES, evidenceText, STATE_TONES } from "../assessment/text";
import { clock, percent, shortDateTime } from "../format";
import { localName } from "../i18n";
import { hrefOf } from "../route";
import type { Product, SessionSummary } from "../types";
import { Tag } from "../ui/Tag";
import styles from "./SessionTable.module.css";
import { text } from "./text";

export interface SessionTableProps {
  items: SessionSummary[];
  products: Product[];
  now: Date;
}

const COLUMNS = [
  "list.applicant",
  "list.state",
  "list.product",
  "list.created",
  "list.officer",
  "list.duration",
  "list.probability",
  "list.proposal",
  "list.decision",
] as const;

export function SessionTable({ items, products, now }: SessionTableProps) {
  return (
    <div class={styles.frame}>
      <table class={styles.table}>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th key={column} scope="col">
                {text(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <Row key={item.id} item={item} products={products} now={now} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ item, products, now }: { item: SessionSummary; products: Product[]; now: Date }) {
  const product = products.find((one) => one.id === item.product);
  return (
    <tr>
      <td class={styles.name}>
        <a href={hrefOf({ page: "session", id: item.id })}>{item.applicant_name}</a>
        {item.simulated && <Tag>{evidenceText("session.simulated")}</Tag>}
      </td>
      <td>
        <Tag tone={STATE_TONES[item.state]} dot={item.state === "live"}>
          {evidenceText(`state.${item.state}`)}
        </Tag>
      </td>
      <td>{product ? localName(product) : item.product}</td>
      <td>
        <time dateTime={item.created_at}>{shortDateTime(item.created_at, now)}</time>
      </td>
      <td>{item.officer}</td>
      <td class={styles.number}>{item.duration_s === null ? <None /> : clock(item.duration_s)}</td>
      <td class={styles.number}>
        {item.probability === null ? <None /> : <b>{percent(item.probability)}</b>}
      </td>
      <td>
        {item.band ? <Tag tone={BAND_TONES[item.band]}>{evidenceText(`band.${item.band}`)}</Tag> : <None />}
      </td>
      <td>{item.decision ? evidenceText(`outcome.${item.decision}`) : <None />}</td>
    </tr>
  );
}

const None = () => <span class={styles.none}>–</span>;
