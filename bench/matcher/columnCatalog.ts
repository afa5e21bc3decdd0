// deno-lint-ignore-file prefer-ascii -- the names of other languages are the data
import { valueMakers } from "./valueMakers.ts";

/** A sort of column tables have: what it may be called in each language, its values and its Postgres type. */
export interface CatalogColumn {
  readonly key: string;
  readonly make: keyof typeof valueMakers;
  readonly type: string;
  readonly names: Readonly<Record<"en" | "zh" | "es" | "fr" | "de", readonly string[]>>;
}

// key | values | type | English | Chinese | Spanish | French | German
const catalog = `
id|serial|bigint|id,identifier,record id,no|编号,序号,代号|id,identificador|identifiant,id|kennung,nummer
sku|code|text|sku,item code,part number,product code|货号,商品編號,料号|codigo producto,referencia|code produit,reference|artikelnummer
name|person|text|name,full name,person name|姓名,名字|nombre,nombre completo|nom,nom complet|name,vollname
firstName|first|text|first name,given name,forename|名|nombre de pila,primer nombre|prenom|vorname
lastName|last|text|last name,surname,family name|姓,姓氏|apellido,apellidos|nom de famille|nachname
username|handle|text|username,user name,login,account|用户名,帳號|usuario|utilisateur,pseudo|benutzername
author|person|text|author,writer,posted by,creator|作者,撰稿人|autor|auteur|autor,verfasser
title|title|text|title,headline,heading,subject line|标题,標題,题目|titulo|titre|titel
product|product|text|product name,product,item name,item|产品名称,商品名稱,品名|producto,nombre producto|produit,nom produit|produkt,produktname
description|sentence|text|description,details,about,desc|描述,简介,商品說明|descripcion|description|beschreibung
content|paragraph|text|content,body,text,full text|内容,內文,正文|contenido,cuerpo|contenu,texte|inhalt,text
summary|sentence|text|summary,abstract,excerpt,synopsis|摘要,概要|resumen|resume,sommaire|zusammenfassung
comment|comment|text|comment,remarks,notes,note|备注,備註,留言|comentario,observaciones|commentaire,remarques|kommentar,bemerkung
price|money|numeric(12,2)|price,unit price,sale price,cost|价格,價格,售价,单价|precio,precio unitario|prix,prix unitaire|preis,einzelpreis
listPrice|money|numeric(12,2)|list price,original price,old price,msrp|原价,定價|precio original|prix initial|listenpreis
discount|percent|numeric(5,2)|discount,discount rate,rebate|折扣,優惠|descuento|remise,rabais|rabatt
tax|money|numeric(12,2)|tax,vat,tax amount|税额,稅金|impuesto|taxe,tva|steuer
total|money|numeric(12,2)|total,total amount,grand total,order total|总额,總計,总金额|total,importe total|total,montant total|gesamtbetrag,summe
shippingCost|money|numeric(12,2)|shipping cost,freight,delivery fee|运费,運費|gastos envio|frais livraison|versandkosten
salary|salary|integer|salary,wage,annual income,pay|薪资,薪水,收入|salario,sueldo|salaire|gehalt
currency|currency|text|currency,currency code|币种,幣別|moneda|devise|wahrung
quantity|quantity|integer|quantity,qty,units,amount ordered|数量,數量|cantidad|quantite|menge,anzahl
stock|count|integer|stock,in stock,inventory,on hand|库存,庫存,存货|existencias,inventario|stock|bestand,lagerbestand
rating|stars|numeric(3,1)|rating,score,stars,grade|评分,評分,星级|calificacion,puntuacion|note,evaluation|bewertung
ratingCount|count|integer|rating count,review count,number of reviews,votes|评价数,評論數|numero resenas|nombre avis|anzahl bewertungen
views|bigCount|bigint|views,view count,hits,visits|浏览量,觀看次數,点击数|vistas,visitas|vues|aufrufe
likes|count|integer|likes,like count,favorites,upvotes|点赞数,喜歡,收藏数|me gusta|favoris|likes
share|fraction|numeric(4,3)|ratio,share,rate|比率,比例|proporcion,tasa|taux,ratio|quote,anteil
percent|percent|numeric(5,2)|percentage,percent,pct|百分比,占比|porcentaje|pourcentage|prozent
age|age|integer|age,years old|年龄,年齡|edad|age|alter
birth|birth|date|date of birth,birth date,birthday,dob|出生日期,生日|fecha nacimiento|date naissance|geburtsdatum
gender|gender|text|gender,sex|性别,性別|genero,sexo|sexe,genre|geschlecht
email|email|text|email,email address,mail,e-mail|邮箱,電子郵件,电邮|correo,correo electronico|courriel,adresse email|email,mailadresse
emailVerified|boolean|boolean|email verified,is verified,verified|已验证,郵箱驗證|verificado|verifie|verifiziert
phone|phone|text|phone,phone number,telephone,contact number|电话,聯絡電話|telefono|telephone|telefon,telefonnummer
mobile|phone|text|mobile,mobile phone,cell phone|手机,手機號碼|movil,celular|portable,mobile|handy,mobilnummer
address|address|text|address,street address,location address|地址,住址|direccion,domicilio|adresse|adresse,anschrift
shippingAddress|address|text|shipping address,delivery address,ship to|收货地址,送貨地址|direccion envio|adresse livraison|lieferadresse
billingAddress|address|text|billing address,invoice address,bill to|账单地址,發票地址|direccion facturacion|adresse facturation|rechnungsadresse
city|city|text|city,town,municipality|城市,都市|ciudad,municipio|ville,commune|stadt,ort
country|country|text|country,nation,country name|国家,國家|pais|pays|land
region|city|text|region,province,state,admin1 name|地区,省份|region,provincia|region,province|region,bundesland
district|city|text|district,county,admin2 name|区县,行政區|distrito|district,departement|bezirk,kreis
placeCode|placeCode|text|pcode,region code,admin1 pcode,area code|地区代码,區碼|codigo region|code region|gebietscode
postal|postal|text|zip code,postal code,postcode,zip|邮编,郵遞區號|codigo postal|code postal|postleitzahl,plz
latitude|latitude|numeric(9,6)|latitude,lat,y coordinate|纬度,緯度|latitud|latitude|breitengrad
longitude|longitude|numeric(9,6)|longitude,lon,lng,x coordinate|经度,經度|longitud|longitude|langengrad
company|company|text|company,company name,organization,employer|公司,公司名称,企業|empresa,compania|entreprise,societe|firma,unternehmen
brand|brand|text|brand,manufacturer,make,brand name|品牌,廠牌,制造商|marca,fabricante|marque,fabricant|marke,hersteller
supplier|company|text|supplier,vendor,seller,provider|供应商,賣家|proveedor,vendedor|fournisseur,vendeur|lieferant,verkaufer
model|code|text|model,model number,model name|型号,機型|modelo|modele|modell
category|category|text|category,type,class,genre,department|类别,分類,类型|categoria,tipo|categorie,type|kategorie,art
tags|tags|text[]|tags,keywords,labels|标签,關鍵字|etiquetas|mots cles|schlagworte
status|status|text|status,state,order status,condition|状态,狀態|estado,situacion|statut,etat|status,zustand
isActive|boolean|boolean|is active,active,enabled|启用,是否有效|activo|actif|aktiv
hasElevator|boolean|boolean|has elevator,elevator,lift|电梯,電梯|ascensor|ascenseur|aufzug
color|color|text|color,colour|颜色,顏色|color|couleur|farbe
language|language|text|language,lang|语言,語言|idioma|langue|sprache
url|url|text|url,link,web address,permalink,page url|网址,連結,链接|enlace,url|lien,url|link,webadresse
image|image|text|image,image url,photo,thumbnail,picture|图片,圖片網址,照片|imagen,foto|image,photo|bild,foto
createdAt|datetime|timestamptz|created at,creation date,date created,created,registered on|创建时间,建立日期|fecha creacion|date creation|erstellt am
updatedAt|datetime|timestamptz|updated at,last modified,modified date,last update|更新时间,修改日期|fecha actualizacion|date modification|geandert am
publishedAt|datetime|timestamptz|published at,publish date,post time,publication date|发布时间,發表日期,刊登時間|fecha publicacion|date publication|veroffentlicht am
date|date|date|date,day,event date|日期,日子|fecha|date,jour|datum
orderDate|date|date|order date,ordered on,purchase date|订单日期,購買日期|fecha pedido|date commande|bestelldatum
startDate|date|date|start date,begin date,from date,valid from|开始日期,起始日|fecha inicio|date debut|startdatum,beginn
endDate|date|date|end date,finish date,to date,expiry date|结束日期,截止日|fecha fin|date fin|enddatum,ende
releaseDate|date|date|release date,released,launch date|发行日期,上映日期|fecha estreno|date sortie|erscheinungsdatum
year|year|integer|year,release year,fiscal year|年份,年度|ano|annee|jahr
duration|duration|text|duration,runtime,length,minutes|时长,片長|duracion|duree|dauer
weight|weight|text|weight,net weight,mass|重量,净重|peso|poids|gewicht
height|length|text|height,item height|高度,身高|altura|hauteur|hohe
width|length|text|width,item width|宽度,寬|ancho,anchura|largeur|breite
size|length|text|size,screen size,dimension|尺寸,大小|tamano|taille|grosse
area|area|text|area,floor area,surface,square meters|面积,面積,总坪数|superficie|surface|flache
floor|floor|text|floor,level,storey|楼层,樓層|piso,planta|etage|etage,stockwerk
temperature|temperature|numeric(4,1)|temperature,temp,avg temperature|温度,氣溫|temperatura|temperature|temperatur
population|bigCount|bigint|population,pop,inhabitants,total population|人口,人口数|poblacion|population|bevolkerung,einwohner
households|count|integer|households,number of households,hh|户数,家庭數|hogares|menages|haushalte
male|count|integer|male,men,male population|男性,男性人数|hombres|hommes|manner
female|count|integer|female,women,female population|女性,女性人數|mujeres|femmes|frauen
children|count|integer|children,kids,under 18|儿童,兒童數|ninos|enfants|kinder
affected|count|integer|affected people,people affected,affected|受影响人数,災民|afectados|personnes affectees|betroffene
budget|salary|bigint|budget,funding,budget amount|预算,經費|presupuesto|budget|budget
revenue|salary|bigint|revenue,sales,turnover|营收,銷售額|ingresos,ventas|chiffre affaires|umsatz
sector|category|text|sector,industry,cluster|行业,產業|sector,industria|secteur|branche
source|company|text|source,data source,origin|来源,資料來源|fuente|source|quelle
ip|ip|inet|ip address,client ip,ip|IP地址|direccion ip|adresse ip|ip adresse
uuid|uuid|uuid|uuid,external id,reference id,guid|标识符,唯一碼|uuid|uuid|uuid
orderId|code|text|order id,order number,order no|订单号,訂單編號|numero pedido|numero commande|bestellnummer
customerId|serial|bigint|customer id,client id,cust no|客户编号,客戶代號|id cliente|id client|kundennummer
customer|person|text|customer,customer name,client,buyer|客户,顧客姓名,买家|cliente|client|kunde
director|person|text|director,directed by,manager|导演,負責人|director|directeur,realisateur|direktor,leiter
cast|person|text|cast,actors,starring|演员,主演|reparto,actores|acteurs|schauspieler
publisher|company|text|publisher,press,issuer|出版社,發行商|editorial|editeur|verlag
school|company|text|school,university,college|学校,學院|escuela,universidad|ecole,universite|schule
job|category|text|job title,occupation,position,role|职位,職稱|puesto,cargo|poste,emploi|beruf,position
priority|level|smallint|priority,severity,level|优先级,等級|prioridad,nivel|priorite,niveau|prioritat,stufe
rank|level|integer|rank,ranking,place|排名,名次|rango,puesto ranking|rang,classement|rang,platz
question|sentence|text|question,query,prompt|问题,提問|pregunta|question|frage
answer|sentence|text|answer,reply,response|回答,答案|respuesta|reponse|antwort
`;

/** Every sort of column the generated tables are made of. */
export const columnCatalog: readonly CatalogColumn[] = catalog.trim().split("\n").map((line) => {
  const [key, make, type, ...names] = line.split("|") as [string, keyof typeof valueMakers, string, ...string[]];
  const [en, zh, es, fr, de] = names.map((list) => list.split(",")) as [
    string[],
    string[],
    string[],
    string[],
    string[],
  ];
  return { key, make, type, names: { en, zh, es, fr, de } };
});
