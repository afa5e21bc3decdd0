// deno-lint-ignore-file prefer-ascii -- the words of other languages are the data

/** Concepts of texts, media and systems: `concept @group ~opposites =expectedValues: words`. */
export const wordsOfContent = `
url @link =url: url link href uri hyperlink permalink website homepage web webpage site_url enlace lien adresse_web webseite sito 网址 链接 连结 超链接 网站 网页 주소링크 링크 ссылка tautan baglanti deeplink deep_link
image @media =image: image img picture pic photo thumbnail thumb avatar poster_image cover logo icon imagen foto bild imagem immagine photos images 图片 图像 照片 图 头像 封面 缩图 影像 海报 사진 이미지 изображение фото gambar resim
video @media: video clip movie_clip trailer 视频 影片 录像 동영상 видео
audio @media: audio sound music song track cancion musique musik 音频 音乐 歌曲 음악
media @media: media multimedia medien 媒体 多媒体 미디어
file @media: file filename document attachment archivo fichier datei arquivo documento doc 文件 文档 附件 档案 파일 файл berkas dosya path
description @text =long: description desc descr details detail explanation descripcion descriptif beschreibung descricao descrizione 描述 说明 简介 介绍 详情 详细 简述 설명 описание deskripsi aciklama about overview introduction intro presentation bio biography 产品介绍
summary @text =long: summary abstract synopsis resumen resume zusammenfassung resumo sommario excerpt digest brief 摘要 概要 概述 大纲 总结 简要 요약 резюме ringkasan ozet
content @text =long: content contents body text fulltext full_text article_body contenido contenu inhalt conteudo contenuto texto texte message story 内容 正文 内文 文本 全文 本文 내용 본문 содержание текст isi icerik
article @text: article post articles posts entry blog paper news articulo article_fr beitrag artigo articolo noticia nouvelles nachricht thread 文章 帖子 新闻 报道 贴文 文 论文 稿件 글 기사 статья artikel_id makale berita haber
message @text: message msg mensaje nachricht_msg mensagem messaggio sms 消息 讯息 信息内容 短信 메시지 сообщение pesan
question @text: question query_text pregunta frage pergunta 问题 提问 题干 질문 вопрос
answer @text: answer reply response respuesta reponse antwort resposta 回答 答案 回复 답변 ответ
reason @text: reason cause motivo raison grund causa 原因 理由 사유 причина
source @origin: source src fuente quelle fonte sources feed outlet_source origin_source provenance 来源 出处 资料来源 媒体来源 출처 источник sumber kaynak
event @happening: event events incident evento evenement ereignis occurrence 事件 活动 赛事 행사 이벤트 событие acara disaster crisis hazard 灾害
project @work: project programme program proyecto projet projekt projeto 项目 专案 计划项目 工程 프로젝트 проект proyek
activity @work: activity activities actividad activite aktivitat 动作 행동
task @work: task todo ticket issue_ticket tarea tache aufgabe 任务 工单 작업 задача
action @work: action accion aktion operation 操作 行动
result @work: result results outcome resultado resultat ergebnis 结果 结论 결과 результат hasil
method @work: method methode metodo approach means 方法 方式 手段 방법 метод mode
priority @state: priority prioridad priorite prioritat severity urgency 优先级 优先 우선순위 приоритет
level @state: level lvl nivel niveau ebene livello tier 级别 等级 水平 级 레벨 уровень tingkat
value @data: value val valor valeur wert valore 值 数值 价值 값 значение nilai_v deger
data @data: data info information datos donnees daten dados informacion 数据 资料 信息 资讯 데이터 정보 данные
indicator @data: indicator metric measure indicador indicateur kennzahl index 指标 指数 지표 индикатор
parameter @data: parameter param setting option config parametro 参数 设置 选项 配置
attribute @data: attribute property field atributo attribut eigenschaft 属性 字段 性质 속성
list @data: list array lista liste 列表 清单 목록 список
row @data: row line record fila ligne zeile linha registro_r 行 记录 项 行号
parent @relation: parent ancestor superior padre eltern 上级 父级 父 부모 родитель
child_of @relation: sub descendant subordinate hijo 下级 子级 子
account @relation: account acct acc acnt cuenta compte konto conta 账户 帐户 账号 帐号 계정 счет_а akun hesap
bank @org: bank banco banque 银行 은행 банк
session @system: session sesion sitzung 会话
device @system: device gadget hardware dispositivo appareil gerat 设备 装置 기기 устройство machine equipment
ip @system =code: ip ipaddr ip_address ipaddress
browser @system: browser user_agent useragent ua navegador 浏览器
token @system: token apikey api_key jeton 令牌
hash @system: hash checksum digest_hash md5 sha sha1 sha256 signature
server @system: server host hostname servidor serveur 服务器 主机 서버
domain @system: domain dominio domaine 域名 도메인
error @system: error err fault failure fehler erreur 错误 故障 오류 ошибка
log @system: log logs logging journal protokoll 日志 기록
team @sport: team equipo equipe mannschaft squadra club 球队 队伍 战队 팀 команда
player @sport: player jugador joueur spieler 球员 选手 玩家 선수 игрок
game @sport: game match juego jeu spiel jogo 游戏 比赛 게임 игра
goal @sport: goal goals target objective objetivo objectif ziel_z 目标 目的 목표 цель
vehicle @thing: vehicle car auto automobile vehiculo vehicule fahrzeug carro 车辆 汽车 车 차량 автомобиль license_plate
animal @thing: animal species breed pet especie espece tier_a 动物 物种 品种 동물
film @thing: movie film pelicula cinema 电影 영화 фильм
food @thing: food meal dish recipe comida nourriture essen ingredient ingredients 食物 菜品 餐 食材 음식 еда cuisine
book @thing: book books libro livre buch livro 书 书籍 图书 책 книга
hotel @thing: hotel accommodation lodging 酒店 旅馆 住宿 호텔 отель
flight @thing: flight vuelo vol flug voo 航班 항공편 рейс
property @thing: real_estate realty housing apartment flat 房产 物业 房源 公寓
drug @health: drug medicine medication medicamento medicament arzneimittel 药品 药物 약 препарат dose dosage
disease @health: disease illness diagnosis condition_h enfermedad maladie krankheit 疾病 诊断 病 질병 болезнь
symptom @health: symptom symptoms sintoma symptome 症状
test @health: test exam examination prueba prufung 测试 检验 考试 检查 시험 тест
case @health: case cases casos cas falle 病例 案例 个案 案件
affected @people_state: affected impacted victims afectados sinistres betroffene 受影响 受灾
displaced @people_state: displaced idp idps refugee refugees desplazados deplaces fluchtlinge 难民 流离失所 asylum
injured @people_state: injured wounded heridos blesses verletzt 受伤
killed @people_state: killed dead deaths fatalities muertos morts todesfalle 死者 死亡人数
reached @people_state: reached assisted beneficiary beneficiaries beneficiarios beneficiaires 受益人
targeted @people_state: targeted target_pop planned_reach 目标人群
need @people_state: need needs in_need necesidad besoin pin 需求 需要
english @language ~language: english en eng ingles anglais englisch 英 英文 英语
chinese @language ~language: chinese zh chi chino chinois chinesisch 中 中文 汉语 华语
french @language ~language: french fr fra frances francais franzosisch 法文 法语
spanish @language ~language: spanish es spa espanol espagnol spanisch 西班牙文
arabic @language ~language: arabic ar ara arabe 阿拉伯文
japanese @language ~language: japanese ja jpn 日文 日语
long_form @shape ~shape: longname fullname long full completo 全 完整 全称
short_form @shape ~shape: short abbr abbreviation abbrev shortname 简 简称 缩写 corto
primary @order ~rank: primary main principal haupt 主要 主 首要
secondary @order ~rank: secondary alternate alternative alt_contact backup secundario 次要 备用 副
left_side @side ~side: left izquierda gauche 左
right_side @side ~side: right derecha droite 右
in_dir @side ~inout: inbound incoming input entrada in_bound 入 进
out_dir @side ~inout: outbound outgoing output salida out_bound 出
internal @side ~intext: internal interno interne intern 内部
external @side ~intext: external externo externe extern foreign 外部
public @flag ~visibility: public open publico 公开
private @flag ~visibility: private closed privado confidential 私有 私人
yesno @flag: flag bool boolean indicator_flag 是否 有无 标志
`;
