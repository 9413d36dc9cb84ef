/** The words of the explaining page: `steps` may hold simple HTML, nothing in here comes from anybody else. */
export type Guide = {
  readonly lang: "zh-CN" | "en"
  readonly other: { readonly path: "zh" | "en"; readonly name: string }
  readonly title: string
  readonly why: readonly string[]
  readonly compare: { readonly title: string; readonly text: string; readonly warning: string }
  readonly trust: {
    readonly title: string
    readonly text: string
    readonly download: string
    readonly check: string
  }
  readonly systems: readonly { readonly name: string; readonly steps: readonly string[] }[]
  readonly open: {
    readonly title: string
    readonly text: string
    readonly link: string
    readonly undo: string
  }
}

const zh: Guide = {
  lang: "zh-CN",
  other: { path: "en", name: "English" },
  title: "让这台设备信任茶馆",
  why: [
    "浏览器只在 https 网址上允许加密聊天。https 需要一张证书，证明“对面确实是这台服务器”。公网上的网站请公认的机构作证；" +
      "这个茶馆在局域网里，没有机构能为它作证，所以它给自己做了一张。",
    "浏览器不认识这张证书，于是警告“您的连接不是私密连接”。警告没有错：单凭浏览器，分不清这是茶馆，还是有人冒充。" +
      "请按下面的步骤核对一次，让设备记住它，以后就不再警告。若只点“继续访问”，通知和离线使用等功能不可用，而且每次都有被冒充的可能。",
  ],
  compare: {
    title: "一、核对指纹",
    text: "茶馆启动时，会在它的窗口（或日志）里显示证书的 SHA-256 指纹。请向运行茶馆的人当面或打电话核对，它应与下面完全相同：",
    warning: "如果不同，请不要继续：您看到的可能不是那个茶馆。请不要用这个网页上的聊天来核对。",
  },
  trust: {
    title: "二、信任证书",
    text: "下载证书，再按您的系统操作。它只对局域网地址和这台服务器的名称有效，不能用来冒充银行等其他网站。",
    download: "下载证书",
    check:
      "想确认下载的文件就是它：文件的 SHA-256 即上面的指纹。Windows：<code>certutil -hashfile teahouse.crt SHA256</code>；" +
      "macOS：<code>shasum -a 256 teahouse.crt</code>；Linux：<code>sha256sum teahouse.crt</code>。",
  },
  systems: [
    {
      name: "Windows（Chrome、Edge）",
      steps: [
        "打开下载的 <code>teahouse.crt</code>，点“安装证书”。",
        "选“当前用户”，下一步。",
        "选“将所有的证书都放入下列存储”→“浏览”→“受信任的根证书颁发机构”，完成。",
        "系统会再问一次，选“是”。关闭并重新打开浏览器。",
      ],
    },
    {
      name: "macOS（Safari、Chrome）",
      steps: [
        "双击下载的 <code>teahouse.crt</code>，在“钥匙串访问”中加入“登录”钥匙串。",
        "在“证书”中找到以 Teahouse 茶馆 开头的一项，双击它，可在“细节”最下方看到 SHA-256 指纹。",
        "展开“信任”，把“使用此证书时”改为“始终信任”，关闭窗口并输入密码。",
      ],
    },
    {
      name: "iPhone、iPad",
      steps: [
        "用 Safari 打开本页并下载证书，允许下载“配置描述文件”。",
        "打开“设置”→“已下载描述文件”（或“通用”→“VPN 与设备管理”），安装它。",
        "再到“设置”→“通用”→“关于本机”→“证书信任设置”，为 Teahouse 茶馆 打开开关。缺这一步，警告不会消失。",
      ],
    },
    {
      name: "Android（Chrome）",
      steps: [
        "下载证书。",
        "打开“设置”，搜索“CA 证书”（多在“安全”→“加密与凭据”→“安装证书”→“CA 证书”）。",
        "系统会提醒“您的数据可能不再私密”，选“仍然安装”，然后选 <code>teahouse.crt</code>。",
        "设备没有锁屏密码时，系统会要求先设置一个。",
      ],
    },
    {
      name: "Linux（Chrome、Chromium）",
      steps: [
        "打开 <code>chrome://certificate-manager</code>，在“由您安装”的“受信任的证书”中导入 <code>teahouse.crt</code>。",
        "较旧的版本：<code>certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n Teahouse -i teahouse.crt</code>（软件包 libnss3-tools）。",
      ],
    },
    {
      name: "Firefox（所有系统）",
      steps: [
        "打开“设置”→“隐私与安全”→“证书”→“查看证书”→“证书颁发机构”→“导入”，选 <code>teahouse.crt</code>。",
        "勾选“信任由此证书颁发机构来标识网站”；点“查看”可以核对 SHA-256 指纹。",
      ],
    },
  ],
  open: {
    title: "三、打开茶馆",
    text: "浏览器不再警告，就完成了。",
    link: "打开茶馆",
    undo: "不再使用时，在同一个地方删除名为“Teahouse 茶馆”的证书即可。",
  },
}

const en: Guide = {
  lang: "en",
  other: { path: "zh", name: "中文" },
  title: "Let this device trust the house",
  why: [
    "Browsers let a page encrypt only at an https address, and https needs a certificate: a proof that this server is the one it says. " +
      "Sites on the internet have it from an authority that every browser knows. This Teahouse is in a local network, where no authority can " +
      "vouch for it, so it has made a certificate of its own.",
    "Your browser does not know that certificate and warns that “your connection is not private”. It is right to: by itself it cannot tell this house " +
      "from somebody who pretends to be it. Check it once as below, let your device remember it, and the warning is gone. If you only click it " +
      "away, notifications and use without a network do not work, and somebody could step in at any time.",
  ],
  compare: {
    title: "1. Compare the fingerprint",
    text:
      "When the house starts it shows the SHA-256 fingerprint of its certificate in its window (or log). Ask whoever runs it, face to face or on the phone; " +
      "it has to be exactly this:",
    warning:
      "If it differs, stop: what you see may not be that house. Do not compare by a chat on this very site.",
  },
  trust: {
    title: "2. Trust the certificate",
    text:
      "Download it and follow the steps for your system. It is good for addresses in local networks and this server's own names only, so it cannot be used " +
      "to pretend to be your bank.",
    download: "Download the certificate",
    check:
      "To be sure that the file is the right one: its SHA-256 is the fingerprint above. Windows: <code>certutil -hashfile teahouse.crt SHA256</code>; " +
      "macOS: <code>shasum -a 256 teahouse.crt</code>; Linux: <code>sha256sum teahouse.crt</code>.",
  },
  systems: [
    {
      name: "Windows (Chrome, Edge)",
      steps: [
        "Open <code>teahouse.crt</code> and press “Install Certificate”.",
        "Choose “Current User”, then Next.",
        "Choose “Place all certificates in the following store”, Browse, “Trusted Root Certification Authorities”, and finish.",
        "Windows asks once more: Yes. Close the browser and open it again.",
      ],
    },
    {
      name: "macOS (Safari, Chrome)",
      steps: [
        "Double-click <code>teahouse.crt</code> and add it to the keychain “login”.",
        "In Keychain Access, under Certificates, double-click the one that begins with Teahouse; the SHA-256 fingerprint is at the end of its details.",
        "Open “Trust”, set “When using this certificate” to “Always Trust”, close the window and give your password.",
      ],
    },
    {
      name: "iPhone, iPad",
      steps: [
        "Open this page in Safari and download the certificate; allow the configuration profile.",
        "Settings → “Profile Downloaded” (or General → VPN &amp; Device Management): install it.",
        "Then Settings → General → About → Certificate Trust Settings: turn Teahouse on. Without this step the warning stays.",
      ],
    },
    {
      name: "Android (Chrome)",
      steps: [
        "Download the certificate.",
        "In Settings search for “CA certificate” (often Security → Encryption &amp; credentials → Install a certificate → CA certificate).",
        "Android warns that your data will not be private. Choose “Install anyway” and pick <code>teahouse.crt</code>.",
        "A device without a screen lock is asked to set one first.",
      ],
    },
    {
      name: "Linux (Chrome, Chromium)",
      steps: [
        "Open <code>chrome://certificate-manager</code> and import <code>teahouse.crt</code> among the trusted certificates installed by you.",
        "Older versions: <code>certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n Teahouse -i teahouse.crt</code> (package libnss3-tools).",
      ],
    },
    {
      name: "Firefox (all systems)",
      steps: [
        "Settings → Privacy &amp; Security → Certificates → View Certificates → Authorities → Import: pick <code>teahouse.crt</code>.",
        "Tick “Trust this CA to identify websites”; “View” shows the SHA-256 fingerprint.",
      ],
    },
  ],
  open: {
    title: "3. Open the house",
    text: "When the browser no longer warns, you are done.",
    link: "Open the house",
    undo: "If you no longer use it, delete the certificate named “Teahouse 茶馆” in the same place.",
  },
}

export const guides = { zh, en }
