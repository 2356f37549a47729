/** Data: sites where anybody puts up a page or a form in a minute, and those that hide where a link leads. */

/** The last two labels of the host, or the whole of it. */
export const FREE_HOSTS: ReadonlySet<string> = new Set(
  (
    "weebly.com wixsite.com wixstudio.io webflow.io blogspot.com wordpress.com square.site godaddysites.com jimdosite.com " +
    "strikingly.com webnode.page yolasite.com mystrikingly.com webwave.dev carrd.co glitch.me github.io gitlab.io netlify.app " +
    "vercel.app web.app firebaseapp.com pages.dev workers.dev r2.dev herokuapp.com onrender.com surge.sh repl.co replit.app " +
    "azurewebsites.net windows.net amazonaws.com cloudfront.net ipfs.io dweb.link 000webhostapp.com infinityfreeapp.com " +
    "duckdns.org ngrok.io ngrok-free.app trycloudflare.com typeform.com jotform.com formstack.com zohopublic.com " +
    "docs.google.com sites.google.com forms.gle forms.office.com storage.googleapis.com canva.com notion.site telegra.ph"
  ).split(" "),
);

/** Whole hosts. */
export const SHORTENERS: ReadonlySet<string> = new Set(
  (
    "bit.ly tinyurl.com t.co goo.gl ow.ly is.gd buff.ly cutt.ly rebrand.ly rb.gy shorturl.at tiny.cc t.ly s.id lnkd.in " +
    "qrco.de urlz.fr bl.ink v.gd clck.ru"
  ).split(" "),
);
