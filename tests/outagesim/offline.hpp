#pragma once
// The platforms without sockets, in simulated time.
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/simulated_timer_queue.hpp"
#include "base/units.hpp"
#include "outagesim/control_api.hpp"
#include "outagesim/router.hpp"

namespace outaged::test {

struct Offline {
  SimulatedTimerQueue clock{parse_time("2026-01-01T00:00:00Z").value()};
  sim::World world{clock, 1};
  sim::FaultPlan plan{1};
  sim::Journal journal;
  sim::Router router{world, plan, journal};
  sim::ControlApi api{world, plan, journal, {[] {}, [](const sim::NetworkCut&) {}, [] { return nlohmann::json(); }}};

  static sim::Request request(const std::string& method, const std::string& url, std::vector<sim::Header> headers = {},
                              std::string body = {}) {
    sim::Request made;
    const auto host_end = url.find('/', 8);
    made.method = method;
    made.host = url.substr(8, std::min(url.find(':', 8), host_end) - 8);
    const auto mark = std::min(url.find('?'), url.size());
    made.path = url.substr(host_end, mark - host_end);
    if (mark < url.size()) made.query = sim::parse_form(url.substr(mark + 1));
    made.headers = std::move(headers);
    made.body = std::move(body);
    return made;
  }
  sim::Reply ask(const std::string& method, const std::string& url, std::vector<sim::Header> headers = {},
                 std::string body = {}) {
    return router.answer(request(method, url, std::move(headers), std::move(body))).reply;
  }
  sim::Header token(const std::string& secret) {
    return {"authorization", "OAuth " + world.tokens.secrets().at(secret)};
  }

  /// The JSON answer to a call of the Graph API: "{page}/feed?fields=id", with the token of that secret.
  nlohmann::json graph(const std::string& method, const std::string& call, const std::string& secret) {
    return nlohmann::json::parse(ask(method, kGraph + call, {token(secret)}).body);
  }
  /// The code of the error that such a call meets; 0 when it meets none.
  int graph_code(const std::string& method, const std::string& call, const std::string& secret) {
    const auto answer = graph(method, call, secret);
    return answer.contains("error") ? answer.at("error").at("code").get<int>() : 0;
  }
  /// Stores a document with WhatsApp; its id.
  std::string store_document() {
    const std::string body =
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\nContent-Type: "
        "application/pdf\r\n\r\n%PDF-1.4\r\n--b--";
    const auto stored =
        ask("POST", kGraph + world.accounts.whatsapp_phone_number_id + "/media?messaging_product=whatsapp",
            {token("whatsapp_token"), {"content-type", "multipart/form-data; boundary=b"}}, body);
    return nlohmann::json::parse(stored.body).at("id");
  }

  const std::string kGraph = "https://graph.facebook.com/v23.0/";
};

}  // namespace outaged::test
