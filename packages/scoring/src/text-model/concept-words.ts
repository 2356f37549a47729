/**
 * What look-alikes and letters to postmasters talk about, in the words of many languages: so that what training learns
 * from letters in one language helps with the others. A word may belong to several concepts.
 *
 * Data: one line for each concept, whole words in lower case, as the scanner finds them (pairs of characters for scripts
 * without spaces). They carry no weight of their own: training finds out what each is worth. To add a language, add its
 * words to each line.
 */
export const CONCEPT_WORDS = {
  password:
    "password passwords passcode passwort passwörter passe contraseña contraseñas senha senhas wachtwoord wachtwoorden hasło hasła пароль пароля паролем lösenord lösenordet adgangskode passord salasana salasanasi salasanallasi heslo hesla heslem jelszó jelszavát parola parolei parolă şifre şifrenizin şifreyi κωδικός κωδικό סיסמה הסיסמה كلمة パス スワ ワー 密码 密碼 비밀 밀번 khẩu sandi รห หั ัส",
  click:
    "click clicking clic cliquez cliquant klicken klick haz pulse pinche clicca cliccare clique clicar klik kliknij klikając нажмите кликните klicka klikk klikkaa klikněte kattintson apăsați tıklayın tıklayınız κλικ اضغط לחץ クリ 点击 點擊 클릭 nhấp คล ลิ ิก",
  verify:
    "verify verification confirm confirming validate revalidate bestätigen bestätigung confirmez confirmer confirmar confirme conferma confermi verifica verifique bevestig bevestigen potwierdź подтвердите подтверждение bekräfta bekræft bekreft vahvista potvrďte erősítse confirmați onaylayın επιβεβαιώστε تأكيد אשר 確認 验证 驗證 확인 xác konfirmasi підтвердіть ยื นย",
  suspended:
    "suspended suspension suspend deactivated deactivation terminated closed gesperrt geschlossen suspendu désactivé supprimés suspendida suspendido eliminarán sospesa disattivata eliminati suspensa desativada geblokkeerd gesloten zablokowane zablokowanie заблокирован удалён заблоковано stängs lukket slettes suljetaan zrušen töröljük suspendat șterse kapatılacaktır κλείσει إغلاق ייחסם 停止 停用 注销 删除 정지 삭제 khóa ditutup",
  deadline:
    "hours heures horas ore stunden uur uren godzin часов часа timmar timer tuntia tunnin hodin óra saat ώρες ساعة שעות 小时 時間 시간 giờ jam ชั่ โม มง годин",
  bitcoin:
    "bitcoin btc bitcoins wallet биткойн биткоин биткойны кошелек بيتكوين ביטקוין ビッ トコ コイ 比特 特币 비트 트코",
  recorded:
    "webcam recorded video aufgenommen aufnahme kamera enregistré filmé caméra grabé grabado registrato filmato gravei gefilmt opgenomen nagrałem nagranie записал видео inspelning filmat 録画 摄像 录下 녹화",
  loan: "loan loans credit funding kredit sofortkredit darlehen finanzierung prêt prêts crédit préstamo préstamos crédito empréstimo prestito lening lenen pożyczka pożyczki kredyt кредит займ займы долг lån laina půjčka hitel împrumut kredi δάνειο قرض הלוואה 贷款 貸款 融資 대출 vay pinjaman",
  ranking:
    "seo ranking rank google backlinks backlink référencement posicionamiento positionnement pozycjonowanie suchmaschine продвижение optimisation optimization traffic 推广 排名 検索 검색",
  prize:
    "winner won prize lottery congratulations gewinner gewonnen gewinn gagné gagnant gagnez premio ganado ganador vinto vincitore prêmio prijs wygrana wygrał wygrałeś выигрыш выиграли поздравляем vunnit vundet voitit vyhráli výhra nyeremény câștigat kazandınız κερδίσατε ربحت זכית 当選 中奖 中獎 당첨 selamat trúng",
  payment:
    "pay payment unpaid overdue fee invoice rechnung zahlung überweisen überweisung bezahlen facture impayée payer paiement factura pago pagar fattura pagamento fatura boleto factuur betaal betalen faktura zapłać dopłać оплата счет заплатить betala betale maksa zaplatit fizet plata ödeme πληρωμή دفع לשלם 料金 支払 付款 发票 發票 결제 요금 thanh bayar",
  parcel:
    "parcel package shipment tracking paket colis paquete pacco pacote encomenda pakket paczka paczkę przesyłkę посылка 荷物 包裹 택배 kiện",
  mailbox:
    "mailbox inbox storage quota postfach speicherplatz speicher boîte stockage buzón bandeja casella spazio caixa postal postvak skrzynka skrzynki skrzynkę ящик хранилище brevlåda postkasse postilaatikko postilaatikkosi schránka postafiók postafiókja cutia kutunuz صندوق תיבת メー ボッ 邮箱 容量 메일 용량 hộp kapasitas กล ล่อ скриньку",
  held: "pending held quarantine quarantined release zurückgehalten freigabe quarantäne attente quarantaine libérer retenidos recuperar recupérelos pendientes sospeso sospesi quarantena retidas wstrzymane задержаны bekletilen 保留 拦截 隔离 보류",
  earning:
    "earn income profit invest investment verdienen verdienst gagner argent ganar dinero guadagnare soldi ganhar dinheiro verdien geld zarabiaj zarobić заработок заработать деньги tjäna pengar tjen penger ansaita vydělat keresni kazan كسب להרוויח 稼げ 月収 赚钱 投资 수익 kiếm untung",
  offer:
    "offer discount free guaranteed price cheap affordable angebot kostenlos garantiert rabatt gratuit offre garanti devis oferta gratis garantizado gratuita garantito offerta grátis garantida korting aanbieding bezpłatny gwarantujemy скидка гарантия бесплатно предлагаем erbjudande tilbud tarjous nabídka zdarma ajánlat ingyen ofertă indirim ücretsiz προσφορά عرض מבצע 無料 限定 优惠 免费 할인 무료 khuyến promo",
  intrusion:
    "hacked compromised hacker gehackt zugriff piraté hackeado invadi hackerato controllo invadido toegang gehackt dostęp взломал доступ hackat hacket murrettu παραβίασα اخترقت פרצתי 乗っ 入侵 해킹 xâm meretas",
  contact: "subscribe whatsapp telegram call anrufen appelez llame chiamare ligue zadzwoń звоните 微信 加微 카톡",
  courtesy:
    "thanks thank regards grüße gruß danke merci cordialement bonjour gracias saludo saludos grazie saluti buongiorno obrigado obrigada atenciosamente dank groet pozdrawiam dziękuję спасибо здравствуйте уважением tack hälsningar hilsen tak terveisin kiitos děkuji köszönettel mulțumesc teşekkürler ευχαριστώ شكرا תודה お願 谢谢 感谢 감사 cảm terima дякую ขอ บค",
  ourselves:
    "my our we mein meine wir unsere unser je mon ma nous nos yo mi nuestros nuestras io mio mia nostri nostre eu meu minha nossas ik mijn wij onze moje moja nasze я мой мои наши мы jag mitt våra jeg min vores våre minä minun já můj naše én noastre ben benim faturalarımız εγώ μας أنا حسابي שלי שלנו 私の 弊社 我的 我们 我司 제가 우리 tôi saya kami",
  asking:
    "why how could please warum wieso bitte können könnten pourquoi comment pouvez qué pueden puede perché potete come poderiam podem waarom kunt dlaczego proszę почему просим можете varför hvorfor miksi miten prosím proč miért kérem cum puteți neden nasıl misiniz γιατί παρακαλώ لماذا نرجو למה איך でし ょう 请问 请帮 왜요 바랍 tại bagaimana apakah ไห หม",
  refusal:
    "rejected bounced bounces bounce refused returned undeliverable deferred queue abgewiesen abgelehnt zurück warteschlange rejeté rejetés refusés reviennent rechazados rechazadas devuelto devuelven cola respinte respinta tornano coda rejeitadas devolvidas fila geweigerd wachtrij odrzuca wracają kolejce отклоняет возвращаются очереди avvisas studsar kö afvist retur avvist kø hylkää jonoon vracejí odmítá frontě visszautasított várakoznak respinse coadă reddediyor dönüyor kuyrukta επιστρέφουν ουρά ترجع مرفوضة נדחות בתור 拒否 戻っ 被退 退信 退回 拒收 반송 거부 chối ditolak tertahan повертаються черзі",
} as const;
