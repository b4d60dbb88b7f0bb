#include "probe/own_sites.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "base/units.hpp"
#include "probe/destination.hpp"

namespace outaged::probe {
namespace {

using json::Json;
using namespace std::chrono_literals;

/// A visitor who is turned away knows nothing of what others see; any other answer than the right one is what a
/// customer gets.
Json rules() {
  return {{{"status", {401, 403, 407, 429}}, {"class", "blocked"}, {"kind", "turned_away"}},
          {{"class", "platform_failure"}, {"kind", "wrong_answer"}}};
}

json::Shape<std::string> url_shape() {
  return json::converted<std::string, std::string>(
      json::text("https?://[^\\s/{}]+(/[^\\s{}]*)?", "an http or https address"),
      [](const std::string& text, const json::Cursor& cursor) -> std::optional<std::string> {
        const auto url = TextTemplate::parse(text, cursor);
        if (!url || !check_destination(Destination::page, *url, cursor)) return std::nullopt;
        return text;
      },
      [](const std::string& text) { return text; });
}

Definition probe_of(const Json& text) {
  json::Faults faults;
  auto definition = read_definition(text, {}, "probes.own", faults);
  // Its parts were checked when the configuration was read.
  if (!definition) throw std::logic_error("the template for own sites: " + json::to_string(faults.front()));
  return std::move(*definition);
}

}  // namespace

const json::Shape<OwnSites>& own_sites_shape() {
  static const auto shape = json::map_of(
      json::object<OwnSite>("A web site of your own; the component is own/NAME.")
          .required("url", &OwnSite::url, url_shape(), "The page that is loaded.")
          .field("contains", &OwnSite::contains, json::text(),
                 "Text that the page holds when it is as it should be. \"\": any page.")
          .field("interval", &OwnSite::interval, json::duration(10s, 24h), "How often.")
          .field("latency", &OwnSite::latency, json::duration(1ms, 1min), "A page that takes longer is slow.")
          .field("certificate", &OwnSite::certificate, json::duration(1s, 24h * 365),
                 "It is told when the certificate lasts for less.")
          .build(),
      "[a-z]([a-z0-9-]{0,29}[a-z0-9])?", "a name of lower-case letters, digits and inner -");
  return shape;
}

std::vector<Definition> own_site_probes(const std::string& name, const OwnSite& site) {
  Json expect = {{"status", 200}, {"latency", format_duration(site.latency)}};
  if (!site.contains.empty()) expect["body"] = {{"contains", site.contains}};
  const auto timeout = format_duration(std::min<Micros>(30s, site.interval));
  std::vector<Definition> probes;
  probes.push_back(probe_of({{"id", "own." + name},
                             {"component", "own/" + name},
                             {"title", "Open " + site.url},
                             {"interval", format_duration(site.interval)},
                             {"timeout", timeout},
                             {"steps", {{{"http", {{"url", site.url}}}, {"expect", expect}, {"classify", rules()}}}}}));
  if (!site.url.starts_with("https://")) return probes;
  const auto end = site.url.find('/', std::string_view{"https://"}.size());
  probes.push_back(probe_of(
      {{"id", "own." + name + "-certificate"},
       {"component", "own/" + name + "-certificate"},
       {"title", fmt::format("The certificate of {} is valid for {} more", name, format_duration(site.certificate))},
       {"interval", "1h"},
       {"timeout", "30s"},
       {"steps",
        {{{"tls", {{"target", site.url.substr(0, end)}}},
          {"expect", {{"certificate", format_duration(site.certificate)}}}}}}}));
  return probes;
}

}  // namespace outaged::probe
