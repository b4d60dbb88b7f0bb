// Mail: one message to all recipients, plain text and HTML side by side. Mails about one incident carry the same
// References, so that they form a thread; Auto-Submitted (RFC 3834) keeps vacation programs from answering.
#include <fmt/format.h>

#include "base/encoding.hpp"
#include "notify/channel/common.hpp"
#include "notify/markup.hpp"
#include "notify/plain.hpp"

namespace outaged::notify {
namespace {

struct Email : Common {
  std::string server;
  bool encrypted = true;
  std::string user;
  std::optional<SecretReference> password;
  std::string from;
  std::vector<std::string> to;
};

constexpr const char* kAddress = "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+";

std::vector<SecretReference> secrets_of(const Email& settings) {
  return settings.password ? std::vector{*settings.password} : std::vector<SecretReference>{};
}

/// RFC 2047, in words of at most 75 characters, so that no line grows too long. Cuts fall between characters.
std::string encoded_words(std::string_view text) {
  constexpr std::size_t kBytesPerWord = 42;
  std::string out;
  while (!text.empty()) {
    std::size_t size = std::min(kBytesPerWord, text.size());
    while (size < text.size() && size > 1 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + base64_encode(text.substr(0, size)) + "?=";
    text.remove_prefix(size);
  }
  return out;
}

/// RFC 2045: base64 in lines of 76.
std::string base64_lines(std::string_view text) {
  const std::string all = base64_encode(text);
  std::string out;
  for (std::size_t i = 0; i < all.size(); i += 76) out += all.substr(i, 76) + "\r\n";
  return out;
}

/// RFC 5322 §3.3, UTC.
std::string mail_date(WallTime time) {
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", kDays.at(std::chrono::weekday{day}.c_encoding()),
                     unsigned{date.day()}, kMonths.at(unsigned{date.month()} - 1), int{date.year()},
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string in_attribute(std::string_view text) {
  std::string out;
  for (const char c : escape(text)) out += c == '"' ? "&quot;" : std::string(1, c);
  return out;
}

std::string html_of(const Wording& wording) {
  std::string html =
      "<!doctype html><html><body style=\"font-family:sans-serif;max-width:40em\">\n<h2 style=\"font-size:1.2em\">" +
      escape(wording.mark + " " + wording.headline) + "</h2>\n";
  for (const auto& paragraph : wording.paragraphs) html += "<p>" + escape(paragraph) + "</p>\n";
  if (!wording.points.empty()) html += "<ul>\n";
  for (const auto& point : wording.points) html += "<li>" + escape(point) + "</li>\n";
  if (!wording.points.empty()) html += "</ul>\n";
  if (!wording.facts.empty()) html += "<table>\n";
  for (const auto& [label, value] : wording.facts)
    html += fmt::format("<tr><th style=\"text-align:left;padding-right:1em\">{}</th><td>{}</td></tr>\n", escape(label),
                        escape(value));
  if (!wording.facts.empty()) html += "</table>\n";
  for (const auto& [address, label] :
       {std::pair{wording.link, wording.link_label}, std::pair{wording.acknowledge_link, wording.acknowledge_label}}) {
    if (!address.empty()) html += fmt::format("<p><a href=\"{}\">{}</a></p>\n", in_attribute(address), escape(label));
  }
  return html + "<p style=\"color:#666;font-size:0.9em\">" + escape(wording.footer) + "</p>\n</body></html>\n";
}

class Mailbox final : public Channel {
 public:
  Mailbox(Email settings, Secret password) : settings_(std::move(settings)), password_(std::move(password)) {}

  Steps render(const Message& message, const Occasion& occasion) const override {
    MailRequest request;
    request.server = settings_.server;
    request.encrypted = settings_.encrypted;
    request.user = settings_.user;
    request.password = password_;
    request.from = settings_.from;
    request.to = settings_.to;
    request.content = content(message, occasion);
    return {std::move(request)};
  }

  /// SMTP reply codes (RFC 5321 §4.2): 2xx taken, 4xx not now, 5xx never.
  Reply read(const net::HttpExchange& exchange) const override {
    if (exchange.failure) return *read_common(exchange);
    const auto words = fmt::format("{} {}", exchange.status, printable(exchange.body, std::string::npos));
    if (exchange.status >= 500) return {ReplyKind::refused, words};
    if (exchange.status >= 400) return {ReplyKind::passing, words};
    return {ReplyKind::delivered, words};
  }

  std::vector<Secret> secrets() const override { return {password_}; }

 private:
  [[nodiscard]] std::string domain() const { return settings_.from.substr(settings_.from.find('@') + 1); }

  [[nodiscard]] std::string content(const Message& message, const Occasion& occasion) const {
    const Wording wording = say(message, occasion);
    // The first mail about an incident is the root of its thread. Its number alone is not unique for ever.
    const auto root = fmt::format("<incident-{}-{}@{}>", message.incident.number,
                                  message.onset ? message.onset->time_since_epoch().count() / 1'000'000 : 0, domain());
    const bool threaded = message.incident.number > 0;
    const bool first = threaded && message.kind == MessageKind::opened;
    const auto id = first ? root
                          : fmt::format("<{}-{}@{}>", url_encode(message.reference),
                                        sha256_hex(root + message.title).substr(0, 12), domain());
    const std::string boundary = "outaged-" + sha256_hex(id).substr(0, 24);
    std::string mail;
    const auto header = [&mail](std::string_view name, std::string_view value) {
      mail += fmt::format("{}: {}\r\n", name, value);
    };
    header("From", settings_.from);
    header("To", fmt::format("{}", fmt::join(settings_.to, ",\r\n ")));
    header("Subject", encoded_words(wording.mark + " " + wording.headline));
    header("Date", mail_date(occasion.sent_at));
    header("Message-ID", id);
    if (threaded && !first) header("In-Reply-To", root);
    if (threaded && !first) header("References", root);
    header("Auto-Submitted", "auto-generated");
    header("X-Outaged-Reference", printable(message.reference, 200));
    header("MIME-Version", "1.0");
    header("Content-Type", fmt::format("multipart/alternative; boundary=\"{}\"", boundary));
    const auto part = [&mail, &boundary](std::string_view type, std::string_view text) {
      mail += fmt::format("\r\n--{}\r\nContent-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
                          boundary, type, base64_lines(text));
    };
    part("text/plain", wording.mark + " " + wording.headline + "\n\n" + plain_text(wording));
    part("text/html", html_of(wording));
    return mail + fmt::format("\r\n--{}--\r\n", boundary);
  }

  Email settings_;
  Secret password_;
};

Expected<std::unique_ptr<Channel>, std::string> open(const Email& settings, const Secrets& secrets) {
  const Secret password = settings.password ? secrets.at(settings.password->name) : Secret{};
  return std::unique_ptr<Channel>{std::make_unique<Mailbox>(settings, password)};
}

}  // namespace

ChannelType email_type() {
  auto own =
      channel_object<Email>("email", "Mail, through an SMTP server.")
          .required("server", &Email::server,
                    json::text("smtps?://(\\[[0-9a-fA-F:]+\\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?",
                               "an address such as \"smtp://mail.example.org:587\" or \"smtps://mail.example.org\""),
                    "The server; smtp:// with STARTTLS, or smtps://.")
          .field("encrypted", &Email::encrypted, json::boolean(),
                 "false sends in the clear over smtp://, for a server on this machine.")
          .field("user", &Email::user, json::text(), "Whom to log in as; \"\": nobody.")
          .field("password", &Email::password, secret_reference(), "The password, a secret.")
          .required("from", &Email::from, json::text(kAddress, "an address such as outaged@example.org"), "The sender.")
          .required("to", &Email::to, json::list(json::text(kAddress, "an address such as ops@example.org"), 1, 50),
                    "The recipients.")
          .check([](const Email& settings, const json::Cursor& cursor) {
            if (settings.user.empty() != settings.password.has_value()) return true;
            cursor.fault("only one of \"user\" and \"password\"", "both or none");
            return false;
          })
          .build();
  return {"email", plan<Email>(std::move(own), secrets_of, open)};
}

}  // namespace outaged::notify
