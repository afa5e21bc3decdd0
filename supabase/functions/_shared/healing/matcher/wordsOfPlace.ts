// deno-lint-ignore-file prefer-ascii -- the words of other languages are the data

/** Concepts of place: `concept @group ~opposites =expectedValues: words`. */
export const wordsOfPlace = `
country @place =place: country nation countries land pais pays paese estado_pais adm0 admin0 国家 国 国别 국가 나라 страна negara ulke nationality nacionalidad 国籍 cntry ctry
region @place =place: region regions area zone territory subregion bolge 地区 区域 地域 지역 регион wilayah zona
state @place =place: state province governorate prov estado provincia bundesland etat adm1 admin1 省 州 省份 도 область il department departamento departement
district @place =place: district county prefecture woreda arrondissement distrito distretto kreis bezirk landkreis adm2 admin2 区 县 行政区 郡 район kabupaten ilce cercle
municipality @place =place: municipality commune township municipio gemeinde comune ward barangay subdistrict adm3 admin3 镇 乡 市镇 镇区 街道 kecamatan
city @place =place: city town ciudad ville stadt cidade citta village settlement locality pueblo aldea 城市 市 都市 村 村庄 城镇 도시 город kota sehir adm4 admin4
street @place: street road avenue st rd strasse calle rue rua via улица 街 路 道路
address @place =address: address addr direccion adresse anschrift endereco indirizzo location_address 地址 住址 位址 住所 주소 адрес alamat adres
location @place =place: location place venue site where ubicacion lieu lugar ort standort localizacao localisation posizione luogo 位置 地点 场所 所在地 产地 场地 地方 위치 장소 место lokasi konum position loc localidad localite
origin @place ~direction: origin from source_place departure_place procedencia origine herkunft origem 来源地 产地 原产地 出发地 起点 原产国 出身 src_place
destination @place ~direction: destination dest to destino ziel destinazione 目的地 终点 到达地
latitude @geo =latlon: latitude lat latitud breite breitengrad 纬度 위도 широта
longitude @geo =latlon: longitude lon lng long longitud lange langengrad 经度 경도 долгота
coordinates @geo: coordinates coords geo gps geometry geom point shape latlon latlong coordenadas 坐标 座标
postal @place =code: postal zip postcode zipcode zip_code postal_code post_code plz postleitzahl codigo_postal code_postal cep cap 邮编 邮政编码 邮递区号 우편번호 индекс
continent @place: continent kontinent continente 洲 大洲
altitude @geo: altitude elevation altitud hohe_nn 海拔 高程
distance @measure: distance distancia entfernung distanza 距离 거리 расстояние dist jarak
direction @place: direction orientation facing bearing heading rumbo 朝向 座向 方向 方位 朝 向
admin @place: admin administrative adm administrativo verwaltung 行政
pcode @placecode =code: pcode p_code geocode iso iso2 iso3 isocode fips nuts
building @place: building edifice edificio batiment gebaude 建筑 大楼 楼宇 建物 大厦 房屋
floor @place: floor storey level_of_building piso etage etaj stockwerk 楼层 层 楼 층
room @place: room rooms chamber habitacion chambre zimmer quarto 房间 室 房 卧室 厅 格局 户型 layout
camp @place: camp campsite campo campement lager 营地
school @org: school university college escuela ecole schule universidad universite 学校 大学 学院 학교 школа education educacion 教育 学历
hospital @org: hospital clinic facility health_facility klinik hopital 医院 诊所 设施 병원 больница
store @org: store shop outlet tienda magasin laden boutique negozio loja 商店 店铺 店 门店 店名 매장 магазин merchant
warehouse @org: warehouse depot almacen entrepot lager_haus 仓库 창고 склад
shipping @address ~purpose: shipping ship envio versand expedition 收货 寄送 送货 shipment
billing @address ~purpose: billing bill facturacion facturation rechnung cobranca 账单 发票
home @address ~purpose: home house residence residential hogar maison haus casa domicilio 家 家庭 住宅 居住
work @address ~purpose: work office business trabajo travail arbeit trabalho oficina bureau 工作 办公 公司用
mobile @contact ~purpose: mobile cell cellphone celular movil portable handy cellulare 手机 移动 휴대폰 мобильный
parking @place: parking garage park_space estacionamiento stellplatz 车位 停车 停车场
`;
