import type { BehaviourMessages } from "../en/behaviour";

export const behaviour: BehaviourMessages = {
  "behaviour.question": "第 {number} 题：平均偏离 {score}，p {p}，{answers} 道题校正后 q {q}",
  "behaviour.least": "中性回答 {n} 个：任何一题的 p 都不会低于 {least}",
  "behaviour.session": "全部问题合并：p {p}",
  "behaviour.title": "相对本人中性回答的偏离程度（大于 0 表示比中性回答多）",
  "behaviour.none": "没有单项特征突出。",
  "behaviour.hint": "仅提示可再问一次。匆忙、疲倦或话题触动都会改变回答方式，与真假无关。",
  z_brief_upper_per_min: "眉眼短暂动作",
  z_macro_per_min: "面部较长动作",
  z_asymmetry: "左右不一致",
  z_blinks_per_min: "眨眼",
  z_averted_share: "视线移开的时间",
  z_reading_share: "视线沿文字行移动",
  z_latency_s: "开口前的时间",
  z_pause_ratio: "停顿",
  z_pitch_sd_st: "音调起伏",
  z_syllables_per_s: "语速",
  z_head_deg_per_s: "头部动作",
};
