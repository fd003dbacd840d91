"""What the fraud model's own reports say, drift and policy, in traditional Chinese."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from fraudmodel.phrases import Words

DRIFT: Final[Words] = MappingProxyType(
    {
        "whole": "整體評估的 L",
        "whole.first": "整體評估的 L",
        "on": "{device} 上的 {what}",
        "list": "、",
        "and": "，且",
        "figure": "{value} [{low}, {high}]",
        "share": "{n} 場的 {value} % [{low}, {high}]",
        "model": "{signal} 由 {new} 測量，基準期沒有用過（原為 {before}）：請執行基準錄影，並以新模型重新開始基準期。",
        "psi": "PSI {psi}，僅憑偶然為 {chance}，計入全部查看項後 p {p}；{reference} 人與 {recent} 人",
        "statistic.attack": "{where} 的讀數比基準期更像攻擊（相差 {by} 個標準差；{psi}）：請查看兩期的錄影以及其間的變化（裝置、頁面、模型、申請人群），再繼續信任其 LLR。",
        "statistic.genuine": "{where} 的讀數比基準期更像真實（相差 {by} 個標準差；{psi}）：請查看兩期的錄影以及其間的變化（裝置、頁面、模型、申請人群），再繼續信任其 LLR。",
        "statistic.other": "{where} 的讀數與基準期不同，但並非偏高或偏低（{psi}）：請查看兩期的錄影以及其間的變化（裝置、頁面、模型、申請人群），再繼續信任其 LLR。",
        "quality.worse": "{where}：所測內容的品質比基準期差（{psi}）：請查看這些面審的網路、光線和攝影機。",
        "quality.better": "{where}：所測內容的品質比基準期好（{psi}）：請查看這些面審的網路、光線和攝影機。",
        "chart.attack": "{where} 約自 {day}（面審 {name}）起更像攻擊，在 {n} 場未被核實為詐欺的面審中相差 {by} 個標準差：請先看這些面審的裝置和光線，再看是否為攻擊。",
        "chart.genuine": "{where} 約自 {day}（面審 {name}）起更像真實，在 {n} 場未被核實為詐欺的面審中相差 {by} 個標準差：請看裝置或模型是否有變，以及是否出現了它看不出的攻擊。",
        "abstention.more": "{where} 因 {reason} 而未測，比基準期更多：{now}，原為 {before}；請看這些面審有何共同之處。",
        "abstention.less": "{where} 因 {reason} 而未測，比基準期更少：{now}，原為 {before}；請看這些面審有何共同之處。",
        "band.more": "對未被核實為詐欺的面審{on_device}，策略建議 {band} 的比基準期更多：{now}，原為 {before}；請先看此處其他提示，再看策略和詐欺率。",
        "band.less": "對未被核實為詐欺的面審{on_device}，策略建議 {band} 的比基準期更少：{now}，原為 {before}；請先看此處其他提示，再看策略和詐欺率。",
        "on_device": "（{device}）",
        "calibration": "在 {fraud} 場已核實詐欺和 {bona_fide} 場真實面審上{on_device}，{what}的斜率為 {slope}，截距為 {intercept} 奈特：{verdict}；請以這些結果重新擬合，比較之後再考慮啟用。",
        "calibration.signal": "{signal} 的 LLR ",
        "verdict.surer": "其肯定程度超過結果所能支持",
        "verdict.shy": "其本可更肯定",
        "verdict.low": "整體偏低",
        "verdict.high": "整體偏高",
        "families": "單獨也顯示的裝置：{families}。",
        "gap.parameters": "參數：近期由 {now} 評估，基準期由 {before} 評估；彙總方式不變時統計量可比，斜率屬於二者合計",
        "gap.policy": "策略：近期由 {now} 建議，基準期由 {before} 建議；建議的增減可能出自策略",
        "gap.small": "基準期 {before} 場，近期 {now} 場；不足 {least} 場，看不出任何變化",
        "gap.rare": "{device}：基準期 {before} 場，近期 {now} 場；不足 {least} 場，看不出任何訊號的變化",
        "gap.few": "{where}：基準期測得 {before} 場，近期 {now} 場；不足 {least} 場，看不出變化",
        "gap.uncharted": "{where}：基準期 {before} 場；控制圖需要 {least} 場",
        "gap.unlabelled": "校準：已核實詐欺 {fraud} 場、真實 {bona_fide} 場；求斜率兩者各需 {least} 場",
        "gap.unnamed": "校準：{count} 場已核實詐欺沒有註明參數所知的大類；它們計入 L，不計入任何單一訊號",
    }
)

POLICY: Final[Words] = MappingProxyType(
    {
        "version": "{products}：版本 {version}",
        "approved": "{by} 自 {on} 起對其負責。",
        "unapproved": "沒有指明負責人。",
        "bands.costs": "自 {step_up} 起進一步核實，自 {refer} 起轉複核（成本的平衡點）。",
        "bands.hand": "自 {step_up} 起進一步核實，自 {refer} 起轉複核（人工設定）。",
        "by_costs": "僅按成本則為 {step_up} 和 {refer}。",
        "costs": "成本（{currency}）：漏過一次詐欺 {missed}，一次轉複核 {referral}（能發現 {referral_catch}），一次進一步核實 {step_up}（能發現 {step_up_catch}）。",
        "false_referral": "把並非詐欺者轉複核，另需成本 {amount}。",
        "no_currency": "未註明貨幣",
        "evidence": "從 {prior} 出發，證據須低於 {lower} dB 才可繼續；自 {higher} dB 起轉複核。",
        "all_referred": "在該詐欺率下，人人一開始就須轉複核：須先有對申請人有利的證據。",
        "all_checked": "在該詐欺率下，人人一開始就須進一步核實：須先有對申請人有利的證據。",
        "coverage": "覆蓋度低於 {least}：證據不足，進一步核實，絕不繼續。",
        "required": "必需：{check}；否則進一步核實，下文對其缺失另有規定的除外。",
        "absent": "缺失：{what}{why}：{means}。",
        "any": "任一訊號",
        "why": "，原因為 {reason}",
        "proceed_without": "可以缺此繼續",
        "step_up": "進一步核實",
        "refer": "轉複核",
        "check.passed": "{signals}，須通過（證據不支持詐欺）",
        "check.measured": "{signals}，須測得",
        "or": " 或 ",
        "one_of": "{signals} 之一",
        "others": "其他訊號缺失時不影響任何結果，也不說明任何問題。",
        "asks": "進一步核實依次要求：{signals}。",
        "sequential": "隨時間累積的證據：自 {upper} dB 起要求核實，錯誤率為 {alpha} 和 {beta}。",
        "decides": "由人作出決定。以上任何一項都不會拒絕任何人。",
    }
)
