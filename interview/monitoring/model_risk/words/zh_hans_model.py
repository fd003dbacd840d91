"""What the fraud model's own reports say, drift and policy, in simplified Chinese."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from fraudmodel.phrases import Words

DRIFT: Final[Words] = MappingProxyType(
    {
        "whole": "整体评估的 L",
        "whole.first": "整体评估的 L",
        "on": "{device} 上的 {what}",
        "list": "、",
        "and": "，且",
        "figure": "{value} [{low}, {high}]",
        "share": "{n} 场的 {value} % [{low}, {high}]",
        "model": "{signal} 由 {new} 测量，基准期没有用过（原为 {before}）：请运行基准录像，并以新模型重新开始基准期。",
        "psi": "PSI {psi}，仅凭偶然为 {chance}，计入全部查看项后 p {p}；{reference} 人与 {recent} 人",
        "statistic.attack": "{where} 的读数比基准期更像攻击（相差 {by} 个标准差；{psi}）：请查看两期的录像以及其间的变化（设备、页面、模型、申请人群），再继续信任其 LLR。",
        "statistic.genuine": "{where} 的读数比基准期更像真实（相差 {by} 个标准差；{psi}）：请查看两期的录像以及其间的变化（设备、页面、模型、申请人群），再继续信任其 LLR。",
        "statistic.other": "{where} 的读数与基准期不同，但并非偏高或偏低（{psi}）：请查看两期的录像以及其间的变化（设备、页面、模型、申请人群），再继续信任其 LLR。",
        "quality.worse": "{where}：所测内容的质量比基准期差（{psi}）：请查看这些面审的网络、光线和摄像头。",
        "quality.better": "{where}：所测内容的质量比基准期好（{psi}）：请查看这些面审的网络、光线和摄像头。",
        "chart.attack": "{where} 约自 {day}（面审 {name}）起更像攻击，在 {n} 场未被核实为欺诈的面审中相差 {by} 个标准差：请先看这些面审的设备和光线，再看是否为攻击。",
        "chart.genuine": "{where} 约自 {day}（面审 {name}）起更像真实，在 {n} 场未被核实为欺诈的面审中相差 {by} 个标准差：请看设备或模型是否有变，以及是否出现了它看不出的攻击。",
        "abstention.more": "{where} 因 {reason} 而未测，比基准期更多：{now}，原为 {before}；请看这些面审有何共同之处。",
        "abstention.less": "{where} 因 {reason} 而未测，比基准期更少：{now}，原为 {before}；请看这些面审有何共同之处。",
        "band.more": "对未被核实为欺诈的面审{on_device}，策略建议 {band} 的比基准期更多：{now}，原为 {before}；请先看此处其他提示，再看策略和欺诈率。",
        "band.less": "对未被核实为欺诈的面审{on_device}，策略建议 {band} 的比基准期更少：{now}，原为 {before}；请先看此处其他提示，再看策略和欺诈率。",
        "on_device": "（{device}）",
        "calibration": "在 {fraud} 场已核实欺诈和 {bona_fide} 场真实面审上{on_device}，{what}的斜率为 {slope}，截距为 {intercept} 奈特：{verdict}；请以这些结果重新拟合，比较之后再考虑启用。",
        "calibration.signal": "{signal} 的 LLR ",
        "verdict.surer": "其肯定程度超过结果所能支持",
        "verdict.shy": "其本可更肯定",
        "verdict.low": "整体偏低",
        "verdict.high": "整体偏高",
        "families": "单独也显示的设备：{families}。",
        "gap.parameters": "参数：近期由 {now} 评估，基准期由 {before} 评估；汇总方式不变时统计量可比，斜率属于二者合计",
        "gap.policy": "策略：近期由 {now} 建议，基准期由 {before} 建议；建议的增减可能出自策略",
        "gap.small": "基准期 {before} 场，近期 {now} 场；不足 {least} 场，看不出任何变化",
        "gap.rare": "{device}：基准期 {before} 场，近期 {now} 场；不足 {least} 场，看不出任何信号的变化",
        "gap.few": "{where}：基准期测得 {before} 场，近期 {now} 场；不足 {least} 场，看不出变化",
        "gap.uncharted": "{where}：基准期 {before} 场；控制图需要 {least} 场",
        "gap.unlabelled": "校准：已核实欺诈 {fraud} 场、真实 {bona_fide} 场；求斜率两者各需 {least} 场",
        "gap.unnamed": "校准：{count} 场已核实欺诈没有注明参数所知的大类；它们计入 L，不计入任何单一信号",
    }
)

POLICY: Final[Words] = MappingProxyType(
    {
        "version": "{products}：版本 {version}",
        "approved": "{by} 自 {on} 起对其负责。",
        "unapproved": "没有指明负责人。",
        "bands.costs": "自 {step_up} 起进一步核实，自 {refer} 起转复核（成本的平衡点）。",
        "bands.hand": "自 {step_up} 起进一步核实，自 {refer} 起转复核（人工设定）。",
        "by_costs": "仅按成本则为 {step_up} 和 {refer}。",
        "costs": "成本（{currency}）：漏过一次欺诈 {missed}，一次转复核 {referral}（能发现 {referral_catch}），一次进一步核实 {step_up}（能发现 {step_up_catch}）。",
        "false_referral": "把并非欺诈者转复核，另需成本 {amount}。",
        "no_currency": "未注明货币",
        "evidence": "从 {prior} 出发，证据须低于 {lower} dB 才可继续；自 {higher} dB 起转复核。",
        "all_referred": "在该欺诈率下，人人一开始就须转复核：须先有对申请人有利的证据。",
        "all_checked": "在该欺诈率下，人人一开始就须进一步核实：须先有对申请人有利的证据。",
        "coverage": "覆盖度低于 {least}：证据不足，进一步核实，绝不继续。",
        "required": "必需：{check}；否则进一步核实，下文对其缺失另有规定的除外。",
        "absent": "缺失：{what}{why}：{means}。",
        "any": "任一信号",
        "why": "，原因为 {reason}",
        "proceed_without": "可以缺此继续",
        "step_up": "进一步核实",
        "refer": "转复核",
        "check.passed": "{signals}，须通过（证据不支持欺诈）",
        "check.measured": "{signals}，须测得",
        "or": " 或 ",
        "one_of": "{signals} 之一",
        "others": "其他信号缺失时不影响任何结果，也不说明任何问题。",
        "asks": "进一步核实依次要求：{signals}。",
        "sequential": "随时间累积的证据：自 {upper} dB 起要求核实，错误率为 {alpha} 和 {beta}。",
        "decides": "由人作出决定。以上任何一项都不会拒绝任何人。",
    }
)
