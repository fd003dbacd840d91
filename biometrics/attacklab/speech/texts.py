"""What an applicant might say in an interview, in English and Mandarin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import numpy as np

Language = Literal["en", "zh"]

SENTENCES: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": (
        "Good morning, yes, I can hear you well.",
        "My name is on the licence, and I have run the shop since two thousand and fourteen.",
        "We sell kitchen furniture, most of it to builders in the next town.",
        "Last year the turnover was a little under two million.",
        "The loan is for a second cutting machine and for the deposit on the new warehouse.",
        "I employ nine people, three of them part time.",
        "My brother owns a third of the company, the rest is mine.",
        "We pay the suppliers after thirty days, and our customers usually take sixty.",
        "The tax return was filed in March by our accountant.",
        "No, there is no other loan, only the lease of the van.",
        "In winter we have less to do, so the account is lower in January and February.",
        "I live with my family above the workshop.",
        "Could you please repeat the question?",
        "The address on the contract is the old one, we moved in September.",
        "If the order from the school comes, we will need more material at once.",
        "I keep the books myself, and my wife writes the invoices.",
        "The guarantee would come from my father in law.",
        "We had a fire in the store two years ago, and the insurance paid for it.",
        "Our largest customer is about a fifth of what we sell.",
        "Yes, I agree that you check these figures with the tax office.",
        "The rent is four thousand a month, including the yard.",
        "I would like to pay it back within three years.",
        "The machine costs eighty thousand, and I can put in twenty of my own.",
        "I do not know that number by heart, may I look it up?",
    ),
    "zh": (
        "您好,我听得很清楚。",
        "我是这家公司的法人代表,公司是二零一四年成立的。",
        "我们主要做厨房家具,客户大多是附近的装修公司。",
        "去年的营业额差不多有两百万。",
        "这笔贷款是用来买第二台切割机,还有付新仓库的押金。",
        "我们一共有九个员工,其中三个是兼职的。",
        "我弟弟有三分之一的股份,其余的都是我的。",
        "我们给供货商的账期是三十天,客户一般六十天付款。",
        "今年三月会计已经报过税了。",
        "没有别的贷款,只有一辆货车是租的。",
        "冬天生意比较淡,所以一二月份账上的钱会少一些。",
        "我和家人就住在车间楼上。",
        "不好意思,请您再说一遍。",
        "合同上写的是老地址,我们九月份搬过一次。",
        "如果学校的订单下来,我们马上就要进一批材料。",
        "账是我自己记的,发票由我爱人来开。",
        "担保人是我的岳父。",
        "前年仓库失过一次火,保险公司赔了。",
        "最大的客户大概占我们销售额的五分之一。",
        "可以,我同意你们去税务局核对这些数字。",
        "房租每个月四千块,包括院子。",
        "我想在三年之内还清。",
        "机器要八万块,我自己可以出两万。",
        "这个数字我记不住,我查一下可以吗?",
    ),
}


def sentences(language: Language, rng: np.random.Generator) -> tuple[str, ...]:
    """All of them, in an order that chance gives."""
    return tuple(SENTENCES[language][index] for index in rng.permutation(len(SENTENCES[language])))
