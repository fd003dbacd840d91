"""The report's words in English and simplified Chinese, as in the console."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from fraudmodel.assessment import Band
from fraudmodel.fusion import NO_FAMILY
from fraudmodel.signals import Reason


class Words(NamedTuple):
    """The same words in both languages."""

    en: str
    zh: str


Shown = Words | str
"""A value of the report: in both languages, or the same in both."""

CONSENTS: Mapping[str, Words] = {
    "recording": Words("recording", "录制"),
    "face": Words("face", "面部"),
    "voice": Words("voice", "声音"),
    "behaviour": Words("behaviour", "作答方式"),
}

OUTCOMES: Mapping[str, Words] = {
    "approve": Words("Approve", "通过"),
    "decline": Words("Decline", "拒绝"),
    "refer": Words("Refer", "转复核"),
}

SIGNALS = {
    "face_match": Words("Face against ID photo", "人脸与证件照比对"),
    "face_continuity": Words("Same face throughout", "全程同一人脸"),
    "face_pad": Words("Live face, not a replay", "真人人脸，非翻拍"),
    "voice_match": Words("Voice against reference", "声音与样本比对"),
    "voice_pad": Words("Live voice, not synthesised", "真人语音，非合成"),
    "voice_continuity": Words("Same voice throughout", "全程同一声音"),
    "second_voice": Words("Another voice in the room", "房间里的另一个声音"),
    "flash_challenge": Words("Response to the light challenge", "屏幕光线检测的反应"),
    "pose_challenge": Words("Response to the head-turn challenge", "转头测试的反应"),
    "digits_challenge": Words("Reading of the digits challenge", "读数字测试的表现"),
    "rppg": Words("Pulse visible in the skin", "皮肤中可见的脉搏"),
    "micro_expression": Words("Brief facial movements", "短暂的面部动作"),
    "av_sync": Words("Sound goes with the lips", "声音与口型一致"),
    "voice_over": Words("Mouth moves while speech is heard", "有语音时嘴部在动"),
    "behaviour": Words("Answers unlike the own neutral ones", "与本人中性回答不同的回答"),
    "injection_page": Words("Camera and browser look genuine", "摄像头与浏览器正常"),
    "injection_transport": Words("Video timing of a real camera", "画面时序符合真实摄像头"),
    "injection_light": Words("Frame rate follows the light", "帧率随光线变化"),
    "injection_frames": Words("No loop or replay in the picture", "画面无循环或重放"),
}

REASONS = {
    Reason.NOT_YET: Words("Not enough seen", "观察时间不够"),
    Reason.NO_CONSENT: Words("The applicant refused this check", "申请人未同意此项"),
    Reason.NO_REFERENCE: Words("No reference to compare with", "没有可比对的样本"),
    Reason.MODEL_NOT_INSTALLED: Words("The model is not installed", "模型未安装"),
    Reason.NOT_CALIBRATED: Words("Measured, but not calibrated: adds nothing", "已测量但未校准，不计入"),
    Reason.DETECTOR_FAILED: Words("The check failed and was switched off", "检测出错，已停用"),
    Reason.NO_VIDEO: Words("There is no video", "没有画面"),
    Reason.NO_AUDIO: Words("There is no sound", "没有声音"),
    Reason.NO_OFFICER_TRACK: Words(
        "The officer's sound is not there to compare with", "没有客户经理的声音可供对照"
    ),
    Reason.NO_FACE: Words("No face in the picture", "画面中没有人脸"),
    Reason.SEVERAL_FACES: Words("More than one face in the picture", "画面中不止一张人脸"),
    Reason.FACE_TOO_SMALL: Words("The face is too small", "人脸太小"),
    Reason.FACE_TURNED: Words("The face is turned away", "人脸未朝向镜头"),
    Reason.FACE_CUT_OFF: Words("The face is cut off by the edge", "人脸超出画面"),
    Reason.TOO_DARK: Words("The picture is too dark", "画面太暗"),
    Reason.TOO_BRIGHT: Words("The picture is too bright", "画面过亮"),
    Reason.BLURRED: Words("The picture is blurred", "画面模糊"),
    Reason.LOW_FRAME_RATE: Words("Too few frames per second", "帧率太低"),
    Reason.MEDIA_LOST: Words("The network lost this part", "网络丢失了这一段"),
    Reason.NO_SPEECH: Words("Nobody is speaking", "没有人说话"),
    Reason.NOT_ENOUGH_SPEECH: Words("Too little speech", "说话时长不足"),
    Reason.NOISY: Words("Too much background noise", "背景噪声过大"),
    Reason.CLIPPED: Words("The microphone is overloaded", "麦克风过载"),
    Reason.NARROWBAND: Words("The sound has telephone quality only", "声音仅有电话音质"),
    Reason.TOO_FEW_UTTERANCES: Words("Too few separate utterances", "语句段数不足"),
    Reason.SEVERAL_VOICES: Words("More than one voice is heard", "有不止一个人的声音"),
    Reason.LOW_BITRATE: Words("Too little video data per second", "视频码率太低"),
    Reason.STILL_SCENE: Words("Nothing moves in the picture", "画面静止不动"),
    Reason.UNSTEADY: Words("The head or the camera moves too much", "头部或镜头晃动过大"),
    Reason.OCCLUDED: Words("The face is partly covered", "面部被部分遮挡"),
    Reason.FLICKER: Words("The light flickers", "灯光闪烁"),
    Reason.AMBIENT_LIGHT: Words("Other light drowns the screen's", "环境光盖过了屏幕的光"),
    Reason.NO_PULSE: Words("No pulse could be told from the picture's noise", "画面噪声中未能辨出脉搏"),
    Reason.NO_PAGE_REPORT: Words("The applicant's page sent no report", "申请人页面未提供设备信息"),
    Reason.NO_TRANSPORT_REPORT: Words("Too little of the connection was seen", "连接数据还不够"),
    Reason.NOT_CHALLENGED: Words("No such challenge was put to the applicant", "未进行此项测试"),
    Reason.CHALLENGE_REFUSED: Words("The applicant declined this challenge", "申请人未同意参加此项测试"),
    Reason.CHALLENGE_SPARED: Words(
        "Spared: the applicant should not see changing light", "已免除：申请人不宜观看变化的光"
    ),
    Reason.CHALLENGE_UNSEEN: Words(
        "The applicant's page did not show the whole challenge", "申请人页面未完整显示测试"
    ),
    Reason.CHANNEL_OFF: Words("Switched off where this interview takes place", "按当地规定已停用"),
    Reason.SHORT_BASELINE: Words("Too few neutral answers to compare with", "可供对照的中性回答不足"),
    Reason.WITHDRAWN: Words("Its question was taken back or asked again", "该问题已撤回或重新提问"),
}

BANDS = {
    Band.INSUFFICIENT: Words("Insufficient evidence: check further", "证据不足，需进一步核实"),
    Band.PROCEED: Words("Proceed", "可继续"),
    Band.STEP_UP: Words("Check further", "需进一步核实"),
    Band.REFER: Words("Refer to a second reader", "转第二人复核"),
}

FAMILIES = {
    "presentation": Words("Photo, screen or mask before the camera", "以照片、屏幕或面具出示（呈现攻击）"),
    "injected": Words("Injected video", "注入视频"),
    "replay": Words("Replayed recording", "重放录像"),
    "voice_attack": Words("Synthetic or replayed voice", "合成或重放语音"),
    "impostor": Words("Another person", "他人顶替"),
    "unknown": Words("Of no known kind", "未知类型"),
}

GRADES = {"measured": Words("measured", "实测"), "simulated": Words("simulated", "模拟")}

REGIONS = {
    "inner_brow_left": Words("left inner eyebrow", "左眉内侧"),
    "inner_brow_right": Words("right inner eyebrow", "右眉内侧"),
    "outer_brow_left": Words("left outer eyebrow", "左眉外侧"),
    "outer_brow_right": Words("right outer eyebrow", "右眉外侧"),
    "glabella": Words("between the eyebrows", "两眉之间"),
    "lower_lid_left": Words("left lower lid", "左下眼睑"),
    "lower_lid_right": Words("right lower lid", "右下眼睑"),
    "nose_wing_left": Words("left wing of the nose", "左鼻翼"),
    "nose_wing_right": Words("right wing of the nose", "右鼻翼"),
    "mouth_corner_left": Words("left corner of the mouth", "左嘴角"),
    "mouth_corner_right": Words("right corner of the mouth", "右嘴角"),
    "chin": Words("chin", "下巴"),
}

CLASSES = {
    "negative": Words("negative", "负向"),
    "positive": Words("positive", "正向"),
    "surprise": Words("surprise", "惊讶"),
}

SIDES = {"left": Words("left", "左侧"), "right": Words("right", "右侧")}

TEXT = {
    "title": Words("Fraud assessment", "欺诈评估报告"),
    "probability": Words("Fraud probability", "欺诈概率"),
    "interval": Words("90% interval", "90% 区间"),
    "proposal": Words("Policy proposes", "策略建议"),
    "decides": Words("A person decides. No band is an outcome.", "由人作出决定，任何档位都不是结论。"),
    "behaviour": Words(
        "{0} with behaviour, {1} without; the proposal rests on the second.",
        "计入行为时为 {0}，不计入时为 {1}；策略建议以后者为准。",
    ),
    "coverage": Words("Coverage", "覆盖率"),
    "coverage_hint": Words("share of the obtainable information measured", "可获得信息中已测量的比例"),
    "only_base": Words(
        "the base rate: nothing that counts was measured", "即为基准率：尚无计入评分的测量结果"
    ),
    "family": Words("Most probable kind", "最可能的类型"),
    "points": Words("Evidence points to", "证据指向"),
    "families": Words("If it is fraud", "若为欺诈"),
    "insufficient": Words(
        "Too little was measured: the number says little either way. Check further before you decide.",
        "测得的信息太少，该数值不足以作为判断依据。决定之前请进一步核实。",
    ),
    "sequential": Words("Evidence over time", "累积证据"),
    "sequential_undecided": Words("undecided (bounds {bounds})", "尚无定论（界限 {bounds}）"),
    "sequential_short": Words(
        "undecided: with the calibrations in force it reaches {most} dB at most, short of the upper bound (bounds {bounds})",
        "尚无定论：现行校准下最高只能达到 {most} dB，不及上界（界限 {bounds}）",
    ),
    "sequential_up": Words(
        "upper bound crossed at {at}, a check is proposed (bounds {bounds})",
        "{at} 越过上界，建议进一步核实（界限 {bounds}）",
    ),
    "sequential_checked": Words(
        "upper bound crossed at {at}, checked at {checked} (bounds {bounds})",
        "{at} 越过上界，{checked} 已核实（界限 {bounds}）",
    ),
    "sequential_down": Words(
        "lower bound crossed at {at}, which proposes nothing (bounds {bounds})",
        "{at} 越过下界，不构成任何建议（界限 {bounds}）",
    ),
    "next_check": Words("Next best check", "下一步最值得做的核实"),
    "next_line": Words(
        "{check} (about {time}, expected to move it by {gain} dB, up or down)",
        "{check}（约 {time}，预计变动 {gain} dB，升降均有可能）",
    ),
    "seconds": Words("{} s", "{} 秒"),
    "minutes": Words("{} min", "{} 分钟"),
    "next_none": Words(
        "Nothing that can be asked for now is expected to change this noticeably.",
        "目前可要求的事项预计都不会明显改变结果。",
    ),
    "reasons": Words("Reasons", "原因"),
    "checks": Words("Checks", "核验项"),
    "code": Words("Code", "代码"),
    "prior": Words("Base rate", "基准率"),
    "together": Words("Together", "合计"),
    "over_time": Words("Probability over time", "概率随时间的变化"),
    "contributions": Words("What moves it", "影响因素"),
    "unit": Words("decibans (10 log₁₀ of the likelihood ratio)", "分贝（10 lg 似然比）"),
    "towards": Words("towards fraud", "提高欺诈概率"),
    "against": Words("away from fraud", "降低欺诈概率"),
    "no_contribution": Words(
        "No calibrated signal has measured anything: the probability is the base rate.",
        "没有已校准的信号测得结果：概率即为基准率。",
    ),
    "signal": Words("Signal", "信号"),
    "shift": Words("Shift", "变化量"),
    "own": Words("Own evidence", "自身证据"),
    "limits": Words("Limits", "限值"),
    "raw": Words("Raw score", "原始值"),
    "count": Words("Measurements", "测量次数"),
    "grade": Words("Calibration data", "校准数据"),
    "voice": Words("The voice alone", "仅就声音而言"),
    "voice_impostor": Words("against another person", "与他人声音相比"),
    "voice_spoof": Words("against a machine", "与机器语音相比"),
    "voice_hint": Words(
        "before it is weighed with the other signals: the sum above holds the part that counts, and this is not added to it",
        "尚未与其他信号加权；计入的部分已含于上方合计，不另行相加",
    ),
    "unmeasured": Words("not counted", "未计入"),
    "absent": Words("Not measured, or adds nothing", "未能测量，或不计入"),
    "all_measured": Words("Every signal was measured.", "所有信号均已测量。"),
    "reason": Words("Reason", "原因"),
    "detail": Words("Detail", "说明"),
    "faces": Words("Faces seen", "所见人脸"),
    "no_faces": Words("No face was seen.", "未见到人脸。"),
    "movements": Words("Movements of the face", "面部动作"),
    "movements_hint": Words(
        "A movement of the face does not tell why it moved. Left and right are the applicant's own. "
        "Amplitude in the distance between the eyes, strength in deviations of this person's own rest.",
        "面部动作不说明原因。左右以申请人自身为准。幅度以两眼间距计，强度以此人静止时的波动计。",
    ),
    "movements_left_out": Words(
        "Besides these {} were found that are longer or weaker.", "另有 {} 个较长或较弱的动作未列出。"
    ),
    "question": Words("Question", "问题"),
    "moment": Words("Time", "时间"),
    "moved": Words("Moved", "动作部位"),
    "length": Words("Length", "持续"),
    "amplitude": Words("Amplitude", "幅度"),
    "strength": Words("Strength", "强度"),
    "resembles": Words(
        "Resembles movements labelled so in the training material", "与训练素材中如此标注的动作的相似度"
    ),
    "units": Words("Action units (FACS)", "动作单元（FACS）"),
    "brief": Words("brief", "短暂"),
    "stills": Words(
        "Onset, apex, and the apex with its motion magnified", "起始、顶点，以及动作放大后的顶点"
    ),
    "readings": Words("Readings", "各项读数"),
    "readings_hint": Words(
        "A dot is a measurement, higher is more attack-like; a bar is a stretch that could not be measured.",
        "圆点为一次测量，越高越像攻击；横条为无法测量的时段。",
    ),
    "media": Words("Recording", "录像"),
    "file": Words("File", "文件"),
    "duration": Words("Duration", "时长"),
    "video": Words("Video", "画面"),
    "audio": Words("Sound", "声音"),
    "none": Words("none", "无"),
    "face_share": Words("Analysed frames with a face", "有人脸的已分析帧"),
    "speech": Words("Speech heard", "语音时长"),
    "usable_speech": Words("Speech for a comparison of the voice", "可用于声音比对的语音"),
    "usable_of": Words("usable of what was heard", "可用／听到的语音"),
    "needs": Words("a comparison needs", "比对需要"),
    "damage": Words("The file is damaged", "文件已损坏"),
    "faults": Words("Failures during the analysis", "分析中的故障"),
    "models": Words("Models", "模型"),
    "licence": Words("Licence", "许可"),
    "use": Words("Use", "用途"),
    "versions": Words("Versions", "版本"),
    "calibration": Words("Calibration", "校准参数"),
    "because": Words("Because", "理由"),
    "colon": Words(": ", "："),
    "policy": Words("Policy", "策略"),
    "made": Words("Made", "生成时间"),
    "time": Words("time", "时间"),
}


def signal(kind: str) -> Words:
    """A signal's name; its kind where there is none."""
    plain = kind.replace("_", " ").capitalize()
    return SIGNALS.get(kind, Words(plain, plain))


def family(name: str) -> Words:
    """A fraud family's name; its own where there is none here."""
    plain = "—" if name == NO_FAMILY else name.replace("_", " ")
    return FAMILIES.get(name, Words(plain, plain))


def region(name: str) -> Words:
    """A region of the face; its own name where there is none."""
    plain = name.replace("_", " ")
    return REGIONS.get(name, Words(plain, plain))


def counted(key: str, count: int) -> Words:
    """The text of ``key`` with a number in it."""
    return Words(*(text.format(count) for text in TEXT[key]))


def regions(names: Sequence[str]) -> Words:
    """Regions as a list."""
    listed = [region(name) for name in names]
    return Words(", ".join(each.en for each in listed), "、".join(each.zh for each in listed))


def units(halves: Sequence[str]) -> Words:
    """Action units as a list, by their numbers in FACS; the side where only one half went."""
    sides: dict[str, list[str]] = {}
    for half in halves:
        unit, _, side = half.partition("_")
        sides.setdefault(unit, []).append(side)
    named = [(unit, SIDES.get(of[0]) if len(of) == 1 else None) for unit, of in sides.items()]
    return Words(
        ", ".join(f"{unit} {side.en}" if side else unit for unit, side in named),
        "、".join(f"{unit} {side.zh}" if side else unit for unit, side in named),
    )


def resemblance(shares: Mapping[str, float]) -> Words:
    """How much a movement is like those of the training material, by class."""
    listed = [(CLASSES[name], f"{100 * share:.0f}%") for name, share in shares.items()]
    return Words(
        " · ".join(f"{name.en} {share}" for name, share in listed),
        " · ".join(f"{name.zh} {share}" for name, share in listed),
    )


def grade(name: str) -> Words:
    """What supports a calibration."""
    return GRADES.get(name, Words(name, name))
