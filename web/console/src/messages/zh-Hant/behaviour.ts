import type { BehaviourMessages } from "../en/behaviour";

export const behaviour: BehaviourMessages = {
  "behaviour.question": "第 {number} 題：平均偏離 {score}，p {p}，{answers} 道題校正後 q {q}",
  "behaviour.least": "中性回答 {n} 個：任何一題的 p 都不會低於 {least}",
  "behaviour.session": "全部問題合併：p {p}",
  "behaviour.title": "相對本人中性回答的偏離程度（大於 0 表示比中性回答多）",
  "behaviour.none": "沒有單項特徵突出。",
  "behaviour.hint": "僅提示可再問一次。匆忙、疲倦或話題觸動都會改變回答方式，與真假無關。",
  z_brief_upper_per_min: "眉眼短暫動作",
  z_macro_per_min: "面部較長動作",
  z_asymmetry: "左右不一致",
  z_blinks_per_min: "眨眼",
  z_averted_share: "視線移開的時間",
  z_reading_share: "視線沿文字行移動",
  z_latency_s: "開口前的時間",
  z_pause_ratio: "停頓",
  z_pitch_sd_st: "音調起伏",
  z_syllables_per_s: "語速",
  z_head_deg_per_s: "頭部動作",
};
