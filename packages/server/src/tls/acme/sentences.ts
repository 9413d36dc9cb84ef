/** What a failure means for whoever runs the house, and what to do: for the log and for `teahouse doctor`. */
import type { Problem } from "../../config.ts"
import type { Failure } from "./failure.ts"

export type Told = { readonly found: Problem; readonly advice: Problem }

/** `directory`: of the CA; `names`: those that were asked for. */
export function tellFailure(failure: Failure, directory: string, names: readonly string[]): Told {
  const ca = new URL(directory).host
  const name = failure.name ?? names.join(", ")
  const { found, advice } = told(failure, ca, name, directory)
  if (failure.detail === undefined) return { found, advice }
  const words = failure.detail
  return { found: { zh: `${found.zh}（${words}）`, en: `${found.en} (${words})` }, advice }
}

function told({ kind }: Failure, ca: string, name: string, directory: string): Told {
  const say = (zh: string, en: string, doZh: string, doEn: string): Told => ({
    found: { zh, en },
    advice: { zh: doZh, en: doEn },
  })
  switch (kind) {
    case "unreachable":
      return say(
        `连接不到证书机构 ${ca}。`,
        `The certificate authority ${ca} cannot be reached.`,
        "请检查这台机器能否访问外网、DNS 与防火墙的出站规则。",
        "Check that this machine reaches the internet, its DNS, and what the firewall lets out.",
      )
    case "busy":
      return say(
        `证书机构 ${ca} 暂时有故障。`,
        `The certificate authority ${ca} has troubles of its own.`,
        "无须处理，稍后自动重试。",
        "Nothing to do; it is tried again by itself.",
      )
    case "untrusted":
      return say(
        `${ca} 的证书不受本机信任。`,
        `This machine does not trust the certificate of ${ca}.`,
        "若是自建的证书机构，请用环境变量 NODE_EXTRA_CA_CERTS 指定它的根证书（PEM）；否则请检查系统时间和网络。",
        "If it is a CA of your own, name its root (PEM) in the variable NODE_EXTRA_CA_CERTS; otherwise check the clock and the network.",
      )
    case "no_directory":
      return say(
        `${directory} 的应答不符合 ACME。`,
        `What answers at ${directory} does not speak ACME.`,
        "请检查 acme_directory。",
        "Check acme_directory.",
      )
    case "dns":
      return say(
        `证书机构查不到 ${name} 的地址。`,
        `The certificate authority finds no address for ${name}.`,
        "请在域名的 DNS 中加一条 A 或 AAAA 记录，指向这台机器。",
        "Add an A or AAAA record for that name which points to this machine.",
      )
    case "connection":
      return say(
        `证书机构无法从外网访问 http://${name}/（80 端口）。`,
        `The certificate authority cannot reach http://${name}/ (port 80) from outside.`,
        "请在防火墙和路由器上开放 80 端口并转到 redirect_port，并检查 DNS（包括 AAAA）指向这台机器。",
        "Open port 80 in firewall and router, and let it lead to redirect_port; check that DNS (AAAA too) points to this machine.",
      )
    case "answer":
      return say(
        `http://${name}/ 应答的不是这个茶馆。`,
        `At http://${name}/ something else than this house answers.`,
        "请检查 DNS 是否指向这台机器，80 端口是否被其他程序、代理或另一台机器占用。",
        "Check that DNS points to this machine, and that no other program, proxy or machine answers on port 80.",
      )
    case "caa":
      return say(
        `${name} 的 CAA 记录不允许 ${ca} 签发证书。`,
        `The CAA record of ${name} does not let ${ca} issue for it.`,
        "请修改 DNS 的 CAA 记录，或用 acme_directory 换一个证书机构。",
        "Change the CAA record in DNS, or take another authority with acme_directory.",
      )
    case "rejected":
      return say(
        `证书机构不为 ${name} 签发证书。`,
        `The certificate authority does not issue for ${name}.`,
        "请检查 acme 中的域名是否写对，且是公开的域名；局域网内请用 tls = self-signed。",
        "Check that the name in acme is right and public; inside a LAN use tls = self-signed.",
      )
    case "rate_limited":
      return say(
        `证书机构 ${ca} 说请求过于频繁。`,
        `The certificate authority ${ca} says that it was asked too often.`,
        "请等待，到时自动重试；不要删除数据目录中的 acme 目录，那样只会更频繁。",
        "Wait; it is tried again by itself. Do not delete the folder acme: that would only ask more often.",
      )
    case "contact":
      return say(
        "证书机构不接受 acme_contact 的地址。",
        "The certificate authority does not take the address in acme_contact.",
        "请填写真实的邮箱地址，或删除 acme_contact。",
        "Give a real mail address, or leave acme_contact out.",
      )
    case "terms":
      return say(
        `证书机构 ${ca} 要求先确认一件事（例如新的服务条款）。`,
        `The certificate authority ${ca} wants something confirmed first, such as new terms.`,
        "请按括号中的说明处理。",
        "Do what it says in brackets.",
      )
    case "external_account":
      return say(
        `证书机构 ${ca} 要求先在它那里注册账号，茶馆不支持。`,
        `The certificate authority ${ca} wants an account made elsewhere first, which Teahouse does not support.`,
        "请用 acme_directory 换一个，或用 certbot、lego、acme.sh 取得证书并设置 certificate。",
        "Take another with acme_directory, or get the certificate by certbot, lego or acme.sh and set certificate.",
      )
    case "expired":
    case "late":
      return say(
        `证书机构 ${ca} 没有及时完成。`,
        `The certificate authority ${ca} did not come to an end in time.`,
        "无须处理，稍后自动重试。",
        "Nothing to do; it is tried again by itself.",
      )
    case "misfit":
      return say(
        `证书机构 ${ca} 给出的证书与申请不符。`,
        `The certificate authority ${ca} gave a certificate that is not the one asked for.`,
        "请检查 acme_directory，并询问该机构。",
        "Check acme_directory, and ask that authority.",
      )
    case "storage":
      return say(
        "证书无法写入磁盘。",
        "The certificate cannot be written to the disk.",
        "请检查数据目录（或 keys 目录）的权限与空间。",
        "Check rights and room of the data folder, or of the folder of keys.",
      )
    case "clock":
      return say(
        "按本机时间，取得的证书无效。",
        "By this machine's clock the certificate that came is not good.",
        "请打开时间同步：timedatectl set-ntp true",
        "Let the machine keep time: timedatectl set-ntp true",
      )
    case "other":
      return say(
        `证书机构 ${ca} 拒绝了申请。`,
        `The certificate authority ${ca} refused.`,
        "请按括号中的说明处理。",
        "See what it says in brackets.",
      )
  }
}
