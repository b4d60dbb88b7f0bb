#include "outagesim/web.hpp"

#include <fmt/format.h>

namespace outaged::sim {
namespace {

constexpr const char* kHtml = "text/html; charset=\"utf-8\"";

std::string page(std::string_view title, std::string_view body) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\" id=\"facebook\"><head><meta charset=\"utf-8\"><title>{}</title>"
      "</head><body>{}</body></html>\n",
      title, body);
}

void add_edge_headers(Reply& reply) {
  reply.headers.emplace_back("X-Fb-Debug", "c2ltdWxhdGVkLWVkZ2UtaW4tdGVzdHMtb25seQ==");
  reply.headers.emplace_back("X-Fb-Trip-Id", "1679558926");
  reply.headers.emplace_back("Strict-Transport-Security", "max-age=31536000; preload; includeSubDomains");
  reply.headers.emplace_back("Cache-Control", "private, no-cache, no-store, must-revalidate");
  reply.headers.emplace_back("Alt-Svc", "h3=\":443\"; ma=86400");
}

Reply html(unsigned status, std::string_view title, std::string_view body) {
  Reply reply = text_reply(status, kHtml, page(title, body));
  add_edge_headers(reply);
  return reply;
}

Reply redirect(std::string location) {
  Reply reply = html(302, "Redirect", "");
  reply.headers.emplace_back("Location", std::move(location));
  return reply;
}

bool like_a_browser(const Request& request) {
  return request.header("user-agent").find("Mozilla/") != std::string_view::npos;
}

Reply facebook_page(const Request& request) {
  if (request.path.starts_with("/login"))
    return html(200, "Log in to Facebook",
                "<form action=\"/login/\" method=\"post\" id=\"login_form\"><input name=\"email\"><input name=\"pass\" "
                "type=\"password\"><button name=\"login\">Log in</button></form>");
  if (request.path == "/" && request.method == "GET")
    return html(200, "Facebook - log in or sign up",
                "<div id=\"content\"><form action=\"/login/\" method=\"post\" id=\"login_form\"></form></div>");
  return redirect("/login/");
}

Reply instagram_page(const Request& request) {
  if (request.host == "i.instagram.com")
    return text_reply(403, "application/json; charset=utf-8",
                      R"({"message":"login_required","logout_reason":33,"logout_expectedness":"logged_out",)"
                      R"("status":"fail"})");
  if (request.path.starts_with("/accounts/login"))
    return html(200, "Login &#x2022; Instagram", "<form id=\"loginForm\"><input name=\"username\"></form>");
  if (request.path == "/") return html(200, "Instagram", "<main role=\"main\"><form id=\"loginForm\"></form></main>");
  return redirect("/accounts/login/");
}

Reply whatsapp_page(const Request& request) {
  if (request.host == "v.whatsapp.net") {
    Reply reply =
        text_reply(200, "text/json ; charset=utf-8", R"({"param":"authkey","reason":"missing_param","status":"fail"})");
    reply.headers.emplace_back("Server", "Yaws 2.0.9");
    reply.headers.emplace_back("X-Fb-Trip-Id", "1679558926");
    return reply;
  }
  if (request.host == "www.whatsapp.com") return html(200, "WhatsApp | Secure and Reliable", "<main></main>");
  if (!like_a_browser(request)) return html(400, "Error", "<h1>Sorry, something went wrong.</h1>");
  if (request.path == "/sw.js")
    return text_reply(200, "application/javascript; charset=utf-8", "/* service worker */ self.client_revision=1;");
  return html(200, "WhatsApp Web", "<div id=\"app\"></div>");
}

}  // namespace

Endpoint web_endpoint(const Host& host, const Request& request) {
  Endpoint endpoint{{host.platform}, host.functions, Endpoint::Kind::page, request.host};
  // The log-in page is another function than the front page of the same host.
  if (host.functions.size() > 1 && host.functions.front() == "login") {
    const bool login = request.path.find("login") != std::string::npos;
    endpoint.functions = {login ? "login" : "web"};
    endpoint.session = login;
  }
  return endpoint;
}

Reply web_answer(const Host& host, const Request& request) {
  if (host.platform == kFacebook) return facebook_page(request);
  if (host.platform == kInstagram) return instagram_page(request);
  return whatsapp_page(request);
}

Endpoint media_tier_endpoint(const Request& request) {
  Endpoint endpoint{{kWhatsapp}, {"media-upload", "media-download"}, Endpoint::Kind::bytes, request.host, false};
  if (request.path.starts_with("/mms/")) endpoint.functions = {"media-upload"};
  if (request.path.starts_with("/v/") || request.path.starts_with("/o1/")) endpoint.functions = {"media-download"};
  return endpoint;
}

Reply media_tier_answer(const Request& request) {
  // What a stranger gets here is not documented; any answer of the tier's own will do.
  Reply reply = request.path.starts_with("/mms/") ? text_reply(401, "application/json", R"({"error":"missing_auth"})")
                : request.path == "/"             ? text_reply(404, "text/plain", "Not Found")
                                                  : text_reply(403, "text/plain", "URL signature mismatch");
  reply.headers.emplace_back("Server", "proxygen-bolt");
  reply.headers.emplace_back("X-Fb-Trip-Id", "1679558926");
  return reply;
}

Endpoint control_endpoint(const Request& request) {
  return {{"control"}, {"web"}, Endpoint::Kind::page, request.host, false};
}

Reply control_answer(const Request& request) {
  if (request.host == "www.google.com" && request.path == "/generate_204") return Reply{204, {}, {}};
  if (request.host == "www.cloudflare.com" && request.path == "/cdn-cgi/trace")
    return text_reply(200, "text/plain",
                      "fl=1f1\nh=www.cloudflare.com\nip=127.0.0.1\nvisit_scheme=https\ntls=TLSv1.3\n");
  return text_reply(
      200, "text/html; charset=utf-8",
      fmt::format("<!DOCTYPE html>\n<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>\n",
                  request.host == "www.wikipedia.org" ? "Wikipedia"
                  : request.host == "www.debian.org"  ? "Debian"
                  : request.host == "www.google.com"  ? "Google"
                                                      : "Cloudflare"));
}

Reply edge_error(unsigned status) {
  Reply reply;
  if (status == 500) {
    reply = text_reply(status, "text/html; charset=utf-8",
                       page("Error",
                            "<h1>Sorry, something went wrong.</h1><p>We are working on it and will get it "
                            "fixed as soon as we can.</p>"));
  } else {
    reply = text_reply(status, "text/html; charset=utf-8",
                       fmt::format("<html><head><title>{0} {1}</title></head><body><h1>{0} {1}</h1></body></html>\n",
                                   status, reason_phrase(status)));
  }
  reply.headers.emplace_back("Proxy-Status", R"(proxy_internal_response; e_proxy="sim"; e_fb_vip="sim")");
  reply.last = true;
  return reply;
}

Reply turned_away(const Request& request, std::string_view shape) {
  if (shape == "rate") {
    Reply reply = html(429, "Error", "Please wait a few minutes before you try again.");
    reply.headers.emplace_back("Retry-After", "900");
    return reply;
  }
  if (shape == "captcha") return html(403, "Security Check", "<form id=\"captcha\">Please enter the text below</form>");
  const bool instagram = request.host.find("instagram") != std::string::npos;
  return redirect(instagram ? "https://www.instagram.com/accounts/login/" : "https://www.facebook.com/login/");
}

}  // namespace outaged::sim
