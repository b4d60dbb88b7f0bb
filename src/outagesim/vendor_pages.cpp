#include "outagesim/vendor_pages.hpp"

#include <algorithm>
#include <array>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json/write.hpp"
#include "base/units.hpp"
#include "outagesim/hosts.hpp"

namespace outaged::sim {
namespace {

using Json = nlohmann::json;

struct Organisation {
  std::string_view id;
  std::string_view name;
  std::string_view platform;  ///< whose trouble it shows
  std::string_view function;  ///< only trouble of this one, or empty
  std::array<std::string_view, 2> services;
};
constexpr auto kOrganisations = std::to_array<Organisation>({
    {"whatsapp-business-api",
     "WhatsApp Business API",
     kWhatsapp,
     "",
     {"Cloud API", "WhatsApp Business Management API"}},
    {"graph-api", "Graph API", kFacebook, "", {"Graph API", "Webhooks"}},
    {"facebook-login", "Facebook Login", kFacebook, "login", {"Facebook Login", "App Dashboard"}},
    {"ig-boost", "Instagram Boost", kInstagram, "", {"Boosting", "Insights"}},
});

enum class Mood { quiet, trouble, over };

Mood mood_of(const World& world, const Organisation& organisation) {
  const auto& news = world.vendor;
  const auto now = world.clock.wall_now();
  if (std::ranges::find(news.platforms, organisation.platform) == news.platforms.end()) return Mood::quiet;
  const bool all = organisation.function.empty() || news.functions.empty();
  if (!all && std::ranges::find(news.functions, organisation.function) == news.functions.end()) return Mood::quiet;
  if (!news.acknowledged_at || now < *news.acknowledged_at) return Mood::quiet;
  return news.resolved_at && now >= *news.resolved_at ? Mood::over : Mood::trouble;
}

const char* status_of(Mood mood) {
  if (mood == Mood::quiet) return "No known issues";
  return mood == Mood::trouble ? "High disruptions" : "Resolved";
}

/// Only the first service of an organisation is ever in trouble.
WallTime time_of(const World& world, Mood mood) {
  const auto& news = world.vendor;
  return mood == Mood::over ? *news.resolved_at : *news.acknowledged_at;
}

Json organisations(const World& world) {
  Json out = Json::array();
  for (const auto& organisation : kOrganisations) {
    const Mood mood = mood_of(world, organisation);
    Json services = Json::array();
    for (std::size_t i = 0; i < organisation.services.size(); ++i) {
      const Mood own = i == 0 ? mood : Mood::quiet;
      Json service = {{"id", fmt::format("{}-{}", organisation.id, i + 1)},
                      {"name", organisation.services.at(i)},
                      {"status", status_of(own)}};
      if (own != Mood::quiet) service["time"] = format_time(time_of(world, own));
      services.push_back(std::move(service));
    }
    const Json feeds = Json::array({fmt::format("outage-events-feed-{}.rss", organisation.id)});
    out.push_back({{"id", organisation.id},
                   {"name", organisation.name},
                   {"services", std::move(services)},
                   {"rss_file_paths", feeds}});
  }
  return out;
}

Json post(const World& world, Mood mood) {
  return {{"status", status_of(mood)},
          {"description", mood == Mood::trouble ? world.vendor.title : "This issue has been resolved."},
          {"time", format_time(time_of(world, mood))}};
}

Json outages(const World& world, const Organisation& organisation) {
  const Mood mood = mood_of(world, organisation);
  if (mood != Mood::trouble) return Json::array();
  return Json::array({{{"id", "1"},
                       {"service_id", fmt::format("{}-1", organisation.id)},
                       {"status", status_of(mood)},
                       {"time", format_time(time_of(world, mood))},
                       {"posts", Json::array({post(world, mood)})}}});
}

/// What is over, first word to last.
Json history(const World& world, const Organisation& organisation) {
  if (mood_of(world, organisation) != Mood::over) return Json::array();
  return Json::array({{{"id", "1"},
                       {"service_id", fmt::format("{}-1", organisation.id)},
                       {"status", status_of(Mood::over)},
                       {"time", format_time(time_of(world, Mood::over))},
                       {"posts", Json::array({post(world, Mood::trouble), post(world, Mood::over)})}}});
}

struct Metric {
  std::string_view path;
  double value;  ///< on every one of the days that are told
};
constexpr auto kMetrics = std::to_array<Metric>({
    {"/metrics/whatsapp-business-api/cloudapi_uptime_daily.json", 100.0},
    {"/metrics/whatsapp-business-api/event_tagging_latency_last_31_days_p90_s3.json", 240.0},
    {"/metrics/whatsapp-business-api/event_tagging_latency_last_31_days_p99_s3.json", 910.0},
});
constexpr std::size_t kMetricDays = 31;

std::string item(const World& world, Mood mood) {
  const auto text = post(world, mood);
  return fmt::format(
      "<item><title>{}</title><description><![CDATA[<p>{}: {}</p>]]></description><pubDate>{:%a, %d %b %Y %H:%M:%S} "
      "GMT</pubDate></item>",
      world.vendor.title, text.at("status").get<std::string>(), text.at("description").get<std::string>(),
      fmt::gmtime(static_cast<std::time_t>(unix_seconds(time_of(world, mood)))));
}

std::string feed(const World& world, const Organisation& organisation) {
  const Mood mood = mood_of(world, organisation);
  std::string items;
  if (mood == Mood::over) items += item(world, Mood::over);
  if (mood != Mood::quiet) items += item(world, Mood::trouble);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>{}</title>"
      "<link>https://metastatus.com/{}</link>{}</channel></rss>\n",
      organisation.name, organisation.id, items);
}

Reply json_reply(const Json& body) {
  return text_reply(200, "application/json", json::written(body));
}

}  // namespace

Endpoint vendor_endpoint(const Request& request) {
  return {{kVendor}, {"status"}, Endpoint::Kind::page, request.host, false};
}

Reply vendor_answer(const World& world, const Request& request) {
  if (request.path == "/data/orgs.json") return json_reply(organisations(world));
  for (const auto& organisation : kOrganisations) {
    if (request.path == fmt::format("/data/outages/{}.json", organisation.id))
      return json_reply(outages(world, organisation));
    if (request.path == fmt::format("/data/outages/{}.history.json", organisation.id))
      return json_reply(history(world, organisation));
    if (request.path == fmt::format("/outage-events-feed-{}.rss", organisation.id))
      return text_reply(200, "application/rss+xml", feed(world, organisation));
  }
  const auto metric = std::ranges::find(kMetrics, std::string_view(request.path), &Metric::path);
  if (metric != kMetrics.end()) return json_reply({{"values", std::vector<double>(kMetricDays, metric->value)}});
  return text_reply(404, "text/html; charset=utf-8", "<html><title>404</title></html>");
}

}  // namespace outaged::sim
