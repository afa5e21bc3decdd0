// deno-lint-ignore-file prefer-ascii -- the words of other languages are the data

/** Concepts of people and organisations: `concept @group ~opposites =expectedValues: words`. */
export const wordsOfPeople = `
name @label =short: name names naam nombre nom nome bezeichnung label 名称 名字 名 姓名 이름 명칭 имя название nama isim ad designation denominacion full_name
first @person ~order: first given forename firstname fname vorname prenom nombre_de_pila primeiro 名前 first_name
last @person ~order: last surname family lastname lname familyname nachname apellido apellidos sobrenome cognome 姓 姓氏 last_name
middle @person ~order: middle mid middlename segundo_nombre
nickname @person: nickname alias screen_name display_name handle apodo surnom spitzname 昵称 别名 绰号
title @text =short: title headline heading caption topic_title titulo titre titel titolo 标题 题目 抬头 题 主题名 제목 заголовок judul baslik 片名 书名 篇名
user @person: user username login_name account_name usuario utilisateur benutzer utilizador utente 用户 用户名 使用者 帐号名 사용자 пользователь pengguna kullanici member userid user_name 会员 成员
customer @person: customer client buyer cust purchaser cliente kunde kundin acheteur 客户 顾客 买家 买方 고객 клиент pelanggan musteri patron shopper consumer
employee @person: employee staff worker personnel emp empleado employe mitarbeiter funcionario dipendente 员工 职员 雇员 직원 сотрудник karyawan
patient @person: patient paciente 病人 患者 환자 пациент
student @person: student pupil learner alumno estudiante etudiant schuler 学生 学员 학생 студент siswa
teacher @person: teacher instructor lecturer professor tutor profesor enseignant lehrer 老师 教师 讲师 教授 선생님
author @person =short: author writer creator poster byline autor auteur verfasser autore 作者 作家 撰稿人 发帖人 发文者 记者 저자 작가 автор penulis yazar reporter written_by posted_by artist 艺术家
owner @person: owner holder proprietor propietario proprietaire besitzer eigentumer 所有者 业主 拥有者 房东 소유자 владелец landlord
seller @person: seller vendor supplier provider vendedor vendeur verkaufer fornecedor proveedor fournisseur lieferant 卖家 供应商 商家 卖方 供货商 판매자 поставщик
director @person: director regisseur realisateur regista 导演 감독 режиссер
actor @person: actor actress cast star stars starring reparto acteur schauspieler 演员 主演 配角 배우 актер
manager @person: manager boss supervisor lead gerente chef_de leiter responsable 经理 主管 负责人 管理员 관리자 менеджер agent
contact @person: contact contacto ansprechpartner contato 联系人 联络人 联系 연락처 контакт liaison
person @person: person people individual persona personne personen pessoa 人 人员 人物 个人 사람 человек orang persons individuals
gender @person =category: gender sex genero sexo sexe genre_h geschlecht 性别 성별 пол
male @person ~gender: male males man men boy boys hombre hombres homme hommes masculino masculin mannlich mann 男 男性 男子 мужчин laki
female @person ~gender: female females woman women girl girls mujer mujeres femme femmes femenino feminin weiblich frau 女 女性 女子 женщин perempuan
child @person: child children kids kid infant infants baby nino ninos enfant enfants kinder kind crianca 儿童 孩子 小孩 婴儿 minors
adult @person: adult adults adulto adulte erwachsene 成人 成年人
elderly @person: elderly seniors senior_people ancianos 老人 长者
marital @person: marital married spouse civil_status estado_civil familienstand 婚姻 婚姻状况 配偶
company @org =short: company corporation firm enterprise corp business_name empresa entreprise firma unternehmen azienda compagnie societe 公司 企业 厂商 厂家 商号 회사 기업 компания perusahaan sirket employer employer_name 雇主
organization @org =short: organization organisation org institution agency institute ngo partner organizacion organisme organisation_name 组织 机构 单位 기관 организация bureau_org entity implementing
department_org @org: dept department_name division section team unit_org abteilung departamento_org service_dept 部门 科室 处 团队 부서 отдел branch
brand @org =short: brand make manufacturer mfr mfg marca marque marke hersteller fabricante fabricant 品牌 牌子 制造商 生产商 브랜드 бренд merk maker producer label_brand
publisher @org: publisher press editorial editeur verlag editora 出版社 出版商 发行公司 发行商 출판사 издатель studio distributor
job @person: job occupation profession position_job role career puesto trabajo_puesto emploi beruf cargo profissao 职业 职位 职务 岗位 职称 직업 должность pekerjaan vacancy employment rank_job designation_job
salary @money =money: salary wage pay income earnings compensation salario sueldo salaire gehalt lohn 薪资 工资 薪水 月薪 薪酬 待遇 收入 급여 зарплата gaji
email @contact =email: email mail emails correo correo_electronico courriel e_mail email_address 邮箱 电子邮件 邮件 电邮 信箱 이메일 почта surel eposta
phone @contact =phone: phone telephone tel telefono telefon telefone fono phone_number contact_number 电话 联系电话 电话号码 座机 전화 전화번호 телефон telp
fax @contact =phone: fax facsimile telefax 传真 팩스
verified @flag ~role =boolean: verified confirmed validated approved confirmado verifie 已验证 验证 认证 已确认 verification
password @secret: password passwd pwd pass secret contrasena mot_de_passe passwort senha 密码 口令 비밀번호 пароль
household @person: household households family_unit hogares menage menages haushalt hh 户 家庭户 住户
population @count =number: population pop inhabitants poblacion bevolkerung populacao popolazione 人口 人口数 인구 население penduduk nufus
language @text: language lang languages idioma langue sprache lingua locale 语言 语种 언어 язык bahasa dil
`;
