// deno-lint-ignore-file prefer-ascii -- the words of other languages are the data

const list = (text: string) => text.trim().split(/\s+/);

/** Words from which the values of generated tables are built, by language. */
export const wordBank = {
  en: {
    nouns: list(
      `river garden engine market winter lamp bridge signal cotton harbor planet museum rocket castle forest desk
      camera jacket bottle guitar window letter island coffee hammer mirror wallet ticket orange silver tiger cloud
      report meeting policy budget school doctor season battle record summer travel office family story`,
    ),
    adjectives: list(
      `small bright quiet modern fresh heavy smart golden rapid gentle ancient rare simple warm digital portable public
      local global basic premium classic daily final early clean solid`,
    ),
    verbs: list("makes finds opens brings shows needs keeps reaches starts builds offers carries leaves wins loses"),
    first: list("John Mary Alice Robert Linda Omar Fatima Pedro Ana Lucas Emma Noah Sofia Ivan Chen Priya Kofi Leila"),
    last: list("Smith Garcia Brown Miller Khan Silva Novak Rossi Muller Kim Tanaka Okafor Lopez Martin Dubois Larsen"),
    cities: list(
      "London Paris Berlin Madrid Nairobi Lagos Lima Dhaka Kabul Amman Boston Denver Seattle Oslo Quito Manila Juba",
    ),
    countries: list(
      "France Germany Kenya Peru Nepal Yemen Sudan Mali Chad Japan Brazil Canada Norway Jordan Haiti Iraq",
    ),
    companies: list(
      "Acme Globex Initech Umbra Vertex Nimbus Orion Delta Apex Zenith Lumen Quanta Solara Pinnacle Tristar",
    ),
    colors: list("red blue green black white silver pink yellow grey"),
    statuses: list("pending active closed shipped cancelled draft paid failed open"),
    categories: list(
      "Electronics Books Clothing Sports Food Toys Health Music Travel Garden Office Beauty News Drama Comedy",
    ),
    streets: list("Main Oak High Park Lake Hill Church Mill Station Market King Queen"),
    languages: list("English French Spanish Arabic German Chinese Russian"),
  },
  zh: {
    nouns: list(
      "城市 花园 手机 电脑 咖啡 学生 老师 政府 市场 天气 火车 机场 衣服 鞋子 面膜 音乐 比赛 公司 经济 新闻 医院 疫苗 价格 房子 旅行 台灣 網路 選舉 總統 颱風 餐廳 電影 汽車 手錶 螢幕 耳機 農業 食品 牛肉 茶葉 書店 音響 櫃子 沙發",
    ),
    adjectives: list("新 大 小 美丽 快速 安全 便宜 高级 熱門 最新 輕薄 時尚 經典 健康 天然 專業 限量"),
    verbs: list("发现 宣布 提供 增加 支持 举行 公布 購買 推薦 參加 完成 影響 介紹"),
    first: list("伟 芳 娜 敏 静 強 磊 洋 艷 勇 軍 傑 娟 濤 明 超 怡君 志明 淑芬 家豪"),
    last: list("王 李 张 刘 陳 楊 黃 趙 吳 周 徐 孫 馬 朱 胡 林 郭 何 高 罗"),
    cities: list("北京 上海 广州 深圳 台北 高雄 台中 新北 桃園 成都 杭州 南京 武汉 西安 台南 香港"),
    countries: list("中国 台灣 日本 美國 英国 法國 德国 韓國 越南 泰国 印度 加拿大 澳洲 巴西"),
    companies: list("华信 鴻海 联创 中兴 大同 統一 遠東 长江 金山 恒泰 东方 新光 永豐 国泰"),
    colors: list("红色 藍色 绿色 黑色 白色 銀色 粉色 黃色 灰色"),
    statuses: list("待处理 进行中 已完成 已取消 已付款 未付款 缺貨 有貨"),
    categories: list("電子 图书 服饰 运动 食品 玩具 健康 音樂 旅遊 家居 美妆 新聞 財經 政治 娛樂"),
    streets: list("中山 中正 人民 建国 解放 民生 復興 和平 南京 忠孝 信義 長安"),
    languages: list("中文 英文 法文 日文 韓文 德文"),
  },
} as const;

/** One language's words. */
export type LanguageWords = { readonly [Sort in keyof typeof wordBank.en]: readonly string[] };
