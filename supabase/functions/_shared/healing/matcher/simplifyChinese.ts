// deno-lint-ignore-file prefer-ascii -- the characters are the data

// The characters of common column words and values; a full table would be 2,600 pairs for no measured gain.
const traditional =
  "標題價錢產稱單總樓層類號碼電話郵點時間開結發佈連網頁圖長寬體積數據資訊來內說簡評論編輯創註冊訂購買賣顯費稅額優幣別餘預計劃學業經濟歲齡屬區縣鄉鎮國運動員導師醫療藥檢驗測試報狀態啟關閉讓與對應條備選項歷錄讀寫傳輸檔庫機構門廠牽語種願勞務實際貨離達車輛飛課圍場館廳華廈聯絡繫認證權職給隊賽贊讚藝術書畫質顏規範負責領組織團處會議參觀視頻聽樂聲廣擊眾線陽陰邊專衛維護銷進貼鏈鍵帳戶級準週個筆張雙獨幾為後簽無當舊約儲飲廚興紅綠藍黃銀鐵鋼裝設戰爭難災傷陸島聞紀兒醬麵軍義歐亞東軟裡藉郷萬億";
const simplified =
  "标题价钱产称单总楼层类号码电话邮点时间开结发布连网页图长宽体积数据资讯来内说简评论编辑创注册订购买卖显费税额优币别余预计划学业经济岁龄属区县乡镇国运动员导师医疗药检验测试报状态启关闭让与对应条备选项历录读写传输档库机构门厂牵语种愿劳务实际货离达车辆飞课围场馆厅华厦联络系认证权职给队赛赞赞艺术书画质颜规范负责领组织团处会议参观视频听乐声广击众线阳阴边专卫维护销进贴链键帐户级准周个笔张双独几为后签无当旧约储饮厨兴红绿蓝黄银铁钢装设战争难灾伤陆岛闻纪儿酱面军义欧亚东软里借乡万亿";

const pairs = new Map([...traditional].map((character, index) => [character, [...simplified][index] as string]));

/** Rewrites the traditional characters common in column names as simplified ones, so both writings meet. */
export function simplifyChinese(text: string): string {
  let result = "";
  for (const character of text) result += pairs.get(character) ?? character;
  return result;
}
