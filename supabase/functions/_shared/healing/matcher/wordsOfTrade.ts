// deno-lint-ignore-file prefer-ascii -- the words of other languages are the data

/** Concepts of trade, money and measures: `concept @group ~opposites =expectedValues: words`. */
export const wordsOfTrade = `
price @money =money: price prices precio prix preis preco prezzo msrp cost_to_buy 价格 价钱 售价 价 定价 房价 票价 가격 цена harga fiyat selling_price retail_price
cost @money =money: cost costs expense expenses costo coste cout kosten custo spend 成本 花费 费 费用 开销 비용 стоимость biaya maliyet expenditure
amount @money =number: amount amounts sum monto montant betrag importe importo valor_total 金额 数额 总额 款 금액 сумма jumlah tutar
fee @money =money: fee fees charge charges toll tarifa frais gebuhr taxa_servico 手续费 服务费 管理费 收费 수수료
total @quantifier ~bound: total totals overall grand sum_total gesamt totale totaux entire 总 总计 合计 总共 总数 共 합계 총 всего итого
subtotal @money ~bound: subtotal sub_total zwischensumme 小计
discount @money =money: discount rebate off descuento remise rabatt desconto sconto markdown 折扣 优惠 减价 할인 скидка diskon
tax @money =money: tax taxes vat gst duty impuesto impot steuer imposto iva mwst 税 税额 税率 税金 세금 налог pajak vergi
currency @money =category: currency curr moneda devise monnaie wahrung moeda valuta ccy 货币 币种 币别 通货 통화 валюта
balance @money =money: balance saldo solde kontostand 余额 结余 잔액 баланс
budget @money =money: budget presupuesto funding funds required_funding financing finanzierung presupuestado 预算 资金 经费 예산 бюджет allocation
payment @money: payment pago paiement zahlung pagamento 支付 付款 缴费 결제 оплата pembayaran
credit @money ~dr: credit credito kredit haben 贷方 信用
debit @money ~dr: debit debe soll 借方
revenue @money =money: revenue sales turnover gross ingresos ventas chiffre_d_affaires umsatz einnahmen receita vendas 营收 销售额 收益 营业额 매출 выручка penjualan box_office
profit @money =money: profit margin_profit gain net_income beneficio ganancia gewinn lucro 利润 盈利 이익 прибыль
invoice @trade =code: invoice inv factura facture fattura fatura 发票号 发票 청구서 счет
order @trade: order orders purchase_order ord po bestellung pedido_n encomenda ordine auftrag commande_n 订单 订货 单 주문 заказ pesanan siparis
product @trade: product products item goods merchandise article_item prod producto produit produkt artikel produto prodotto 产品 商品 货品 物品 品 货物 상품 제품 товар produk urun commodity
sku @id =code: sku article_number item_number part_number partno mpn upc ean gtin barcode asin isbn modelno 条码 货号 商品编号 料号
model @trade =code: model modelo modele modell modello 型号 车型 款式 模型 모델 модель
version @trade: version ver release_version revision rev edition 版本 版 버전 версия versi
category @class =category: category categories cat categoria categorie kategorie class classification tag_group cls 类别 分类 类目 品类 种类 门类 범주 카테고리 категория kategori section_category genre genres genero_musical 流派 体裁
type @class =category: type kind typ tipo sort variety form_type 类型 型 种 类 형태 유형 тип jenis tur tipe types
group @class: group grp cluster grupo groupe gruppe gruppo 组 分组 群 群组 그룹 группа kelompok
sector @class =category: sector industry sectors branche secteur sektor industria 行业 产业 部类 부문 отрасль
subject @text: subject topic theme tema sujet thema betreff asunto 主题 话题 科目 议题 课题 주제 тема board forum 看板 板块 版面 版块 论坛 channel 频道
tag @class =category: tag tags keyword keywords labels etiqueta mot_cle schlagwort palabra_clave hashtag 标签 关键词 关键字 태그 тег
status @state =category: status state_of stat condition estado_actual statut zustand situacao stato situation 状态 状况 情况 状态码 상태 статус durum phase stage 阶段
active @flag ~role =boolean: active enabled is_active live activo actif aktiv ativo 启用 激活 有效 活跃 on
disabled @flag: disabled inactive blocked banned 禁用 停用
available @flag: available availability disponible disponibilite verfugbar disponivel 可用 可售 供应 供货
stock @count =number: stock inventory in_stock on_hand existencias lager_bestand bestand estoque giacenza 库存 存货 库存量 现货 재고 остаток stok remaining left seats_left 剩余 余
quantity @count =number: quantity qty quant cantidad quantite menge anzahl_menge quantidade quantita 数量 件数 量 수량 количество kuantitas miktar adet units pieces pcs
count @count ~role =number: count number_of num_of cnt total_number counts anzahl nombre_de numero_de conteo nb nbr 数 次数 个数 计数 人数 总量 개수 число
number @id =number: number num no nr numero nummer num_ro numbers 号 号码 编号 序号 번호 номер nomor numara
id @id =code: id identifier ident uid guid uuid ids identificador identifiant kennung pk key 标识 标识符 代号 아이디 идентификатор ref reference ref_no referencia
code @id =code: code codes cod codigo kode kod codice 代码 编码 码 코드 код cd
rank @count =number: rank ranking position_rank place_rank rango rang 排名 名次 排行 순위 рейтинг_место
rating @score =number: rating rate_score star stars score ratings grade mark note_score calificacion puntuacion note_moyenne bewertung avaliacao valutazione punteggio 评分 评级 分数 得分 星级 评价 评 打分 점수 평점 рейтинг оценка nilai puan points puntos
review @text =number: review reviews opinion resena avis rezension critica recensione 评论 点评 评语 回馈 리뷰 отзыв ulasan yorum feedback
comment @text =long: comment comments remark remarks note notes memo observation observations comentario commentaire kommentar bemerkung anmerkung observaciones 备注 注释 说明备注 留言 附注 备考 비고 комментарий примечание catatan
view @count =number: view views viewed_count hits clicks visits impressions pageviews plays vistas vues aufrufe 浏览 浏览量 点击 点阅 观看 播放 查看 조회 조회수 просмотры hot heat popularity 热度 人气 popular
like @count =number: like likes favorite favorites favourites thumbs upvotes upvote me_gusta gefallt 赞 点赞 喜欢 收藏 推 좋아요
share @count: share shares compartir partages 分享 转发
follower @count =number: follower followers subscribers fans seguidores abonnes 粉丝 关注 订阅 追踪
vote @count =number: vote votes votos voix stimmen 票数 投票 투표
rate @ratio =number: rate ratio tasa taux quote taxa tasso 率 比率 比例 比 비율 ставка
percent @ratio ~role =percent: percent percentage pct perc porcentaje pourcentage prozent porcentagem 百分比 占比 百分率 퍼센트 процент persentase
average @quantifier ~bound: average avg mean promedio moyenne moyen durchschnitt media 平均 均 평균 среднее rata
minimum @quantifier ~bound: minimum min lowest low minimo mindest 最小 最低 最少 최소 минимум
maximum @quantifier ~bound: maximum max highest high maximo hochst 最大 最高 最多 최대 максимум
median @quantifier ~bound: median mediana mediane 中位数
unit @measure: unit uom measure_unit unidad unite einheit unidade unita 单位值 计量单位 单 每 단위 единица per
old @tense ~tense: old previous prior former before anterior ancien alt viejo vorherig list_price was 旧 原 原来 之前 以前 прежний
new @tense ~tense: new nuevo nouveau neu novo nuovo after 新 新的 之后
current @tense ~tense: current present now latest actual aktuell atual 当前 目前 现在 现 最新 текущий
original @tense ~tense: original initial originaal urspr 原始 原价 初始
height @measure =measure: height altura hauteur hohe altezza tall 高度 高 身高 높이 высота tinggi
width @measure =measure: width ancho largeur breite_b largura larghezza wide 宽度 宽 너비 ширина lebar
depth @measure =measure: depth profundidad profondeur tiefe 深度 深 깊이 глубина
length @measure =measure: length largo longueur lange_l comprimento lunghezza longitud_l 长 长度值 길이 длина panjang
weight @measure =measure: weight wt mass peso poids gewicht masse 重量 体重 重 净重 무게 вес berat agirlik
size @measure =measure: size sizes dimension dimensions dim tamano taille grosse tamanho dimensione talla format_size 大小 尺寸 尺码 规格 크기 размер ukuran boyut diagonal
area_measure @measure =measure: surface acreage area_size square_meters sqm sqft superficie flache 面积 坪 平方米 면적 площадь luas
volume @measure =measure: volume volumen capacity kapazitat capacidad capacite 容量 体积 용량 объем
color @feature =category: color colour colors couleur farbe cor colore 颜色 色彩 색상 цвет warna renk
material @feature: material materials materiau werkstoff fabric 材质 材料 面料 재질 материал bahan
speed @measure: speed velocity velocidad vitesse geschwindigkeit 速度 속도 скорость kecepatan
temperature @measure: temperature temp temperatura 温度 气温 온도 температура suhu
power @measure: power watt wattage potencia puissance leistung 功率 전력 мощность
resolution @feature: resolution pixels megapixels resolucion auflosung 分辨率 解析度 像素
screen @feature: screen display monitor pantalla ecran bildschirm 屏幕 显示屏 화면
memory @feature: memory ram storage memoria speicher 内存 存储 记忆体
battery @feature: battery bateria batterie akku 电池 배터리
feature @feature: feature features caracteristica caracteristiques merkmal spec specs specification specifications 特点 特色 特征 功能 规格说明 기능 특징
warranty @trade: warranty guarantee garantia garantie 保修 质保 보증
condition @state: condition_of_item grade_condition 成色 新旧
elevator @feature =boolean: elevator lift ascensor ascenseur aufzug 电梯
security @feature: security guard seguridad securite 保安 警卫 安全
`;
