// deno-lint-ignore-file prefer-ascii -- the words of other languages are the data

/** Concepts of time: `concept @group ~opposites =expectedValues: words`. */
export const wordsOfTime = `
date @time =date: date day dates fecha jour datum data dia giorno tag 日期 日子 日 날짜 일자 дата tanggal tarih
time @time =date: time datetime timestamp hora heure zeit uhrzeit tempo ora 时间 时刻 時刻 시간 время waktu saat ts dt
year @time =year: year years yr ano annee jahr anno 年 年份 年度 연도 год tahun yil
month @time: month months mon mes mois monat mese 月 月份 월 месяц bulan
week @time: week weekday weeks semana semaine woche settimana 周 星期 주 неделя
hour @time: hour hours hr hrs stunde 小时 钟头
minute @time: minute minutes mins minuto 分钟
second @time: second seconds sec secs
quarter @time: quarter trimestre quartal 季度 季
created @time ~event: created creation create inserted added registered createdat opened made posted creado cree creacion erstellt criado 创建 建立 新增 添加 注册 登记 作成 生成 создан erstellung inscription registro
updated @time ~event: updated update modified modification changed edited revised actualizado modifie mis_a_jour geandert aktualisiert atualizado 更新 修改 变更 编辑 обновлен edit
deleted @time ~event: deleted removed archived eliminado supprime geloscht 删除 移除
published @time ~event: published publish publication release released issue issued launch premiere publicado publie veroffentlicht 发布 发表 发行 上映 上市 出版 刊登 公開 发售
start @time ~event: start started begin beginning starts onset effective valid_from commence departure depart inicio debut anfang beginn desde 开始 起始 开头 出发 启动 起 начало
end @time ~event: end ended finish finished ends until expiry expires expiration expire valid_to due deadline arrival arrive fin ende fim hasta termino 结束 截止 到期 终止 到达 完成 止 конец
ordered @time ~event: ordered purchased purchase bought booking booked pedido commande 订购 购买 下单 预订 预约
paid @time ~event: paid pagado paye bezahlt 已付 付清
shipped @time ~event: shipped dispatch dispatched enviado expedie versendet 发货 出货
delivered @time ~event: delivered delivery entrega livraison lieferung entregado 送达 交付 配送 交货
cancelled @time ~event: cancelled canceled cancel cancelado annule storniert 取消
login @time ~event: login signin logged 登录 登入
seen @time ~event: seen visited accessed viewed visit 访问 浏览 visto
birth @time =date: birth birthday birthdate born dob date_of_birth bday nacimiento fecha_de_nacimiento naissance date_de_naissance geburtsdatum geburtstag geburt nascimento nascita 生日 出生 出生日期 생일 생년월일 рождения
death @time: death died deceased muerte deces tod morte 死亡 逝世 смерть
age @time =number: age ages edad alter idade eta 年龄 岁数 岁 年纪 연령 나이 возраст umur yas
duration @time =measure: duration length_of_time runtime elapsed period term duracion duree dauer durata 时长 期间 片长 周期 长度 工期 소요시간 длительность
frequency @time: frequency freq interval frecuencia frequence haufigkeit 频率 频次
zone @time: timezone tz zeitzone 时区
expected @time: expected estimated scheduled planned eta previsto prevu geplant 预计 预期 计划 预定
schedule @time: schedule timetable session slot horario horaire 日程 时间表 场次 班次 行程
season @time: season temporada saison estacion 季节
`;
