#include "outagesim/fault.hpp"

#include <algorithm>
#include <chrono>

namespace outaged::sim {
namespace {

/// A fault as it is written: one and several under names of their own.
struct Written {
  std::int64_t id = 0;
  std::optional<std::vector<std::string>> platform, function;
  std::vector<std::string> platforms, functions, hosts;
  std::optional<AddressFamily> family;
  FaultLayer layer = FaultLayer::http_5xx;
  std::string shape;
  std::optional<double> share, failure_ratio;
  double latency_factor = 1.0;
  Micros latency{0};
  std::int64_t code = 2;
};

json::Shape<std::string> one_of(const std::vector<std::string>& names) {
  return json::converted<std::string, std::string>(
      json::text(),
      [names](const std::string& name, const json::Cursor& cursor) -> std::optional<std::string> {
        if (std::ranges::find(names, name) != names.end()) return name;
        cursor.fault("\"" + name + "\"", json::list_of(names), json::did_you_mean(name, names));
        return std::nullopt;
      },
      [](const std::string& name) { return name; });
}

json::Shape<FaultLayer> layer_shape() {
  std::vector<std::string> names(enum_names<FaultLayer>().begin(), enum_names<FaultLayer>().end());
  return json::converted<FaultLayer, std::string>(
      json::text(),
      [names](const std::string& name, const json::Cursor& cursor) -> std::optional<FaultLayer> {
        const auto layer = parse_layer(name);
        if (!layer) cursor.fault("\"" + name + "\"", json::list_of(names), json::did_you_mean(name, names));
        return layer;
      },
      [](const FaultLayer& layer) { return std::string(to_string(layer)); });
}

std::vector<std::string> joined(const std::optional<std::vector<std::string>>& one,
                                const std::vector<std::string>& several) {
  std::vector<std::string> out = one.value_or(std::vector<std::string>{});
  out.insert(out.end(), several.begin(), several.end());
  return out;
}

json::Shape<Written> written_shape() {
  using namespace std::chrono_literals;
  const auto platform = one_of({"whatsapp", "instagram", "facebook", "control", "vendor"});
  const auto function = one_of({"media-upload", "media-download", "feed-load", "message", "login", "web"});
  const auto host = json::text("[a-z0-9.-]{1,253}", "a host name");
  return json::object<Written>("A fault that the simulator plays.")
      .field("id", &Written::id, json::integer(0, 1'000'000'000), "Its number; given by the simulator.")
      .field("platform", &Written::platform, json::one_or_list(platform), "What it hits.")
      .field("platforms", &Written::platforms, json::list(platform, 0, 8), "The same, for several.")
      .field("function", &Written::function, json::one_or_list(function), "What it hits; all functions when absent.")
      .field("functions", &Written::functions, json::list(function, 0, 16), "The same, for several.")
      .field("hosts", &Written::hosts, json::list(host, 0, 32), "Only requests to these names.")
      .field("family", &Written::family, json::choice<AddressFamily>(), "Only over addresses of this family.")
      .field("layer", &Written::layer, layer_shape(), "Where it fails.")
      .field("shape", &Written::shape, json::text(), "How it fails within the layer.")
      .field("share", &Written::share, json::number(0, 1), "How often.")
      .field("failure_ratio", &Written::failure_ratio, json::number(0, 1), "The same, in incident files.")
      .field("latency_factor", &Written::latency_factor, json::number(0, 1000), "How much slower answers are.")
      .field("latency", &Written::latency, json::duration(0s, 10min), "What is added to the time to answer.")
      .field("code", &Written::code, json::integer(-1000, 10'000'000), "error.code of layer api.")
      .check([](const Written& fault, const json::Cursor& cursor) {
        const auto shapes = shapes_of(fault.layer);
        if (fault.shape.empty() || std::ranges::find(shapes, fault.shape) != shapes.end()) return true;
        cursor.at("shape").fault("\"" + fault.shape + "\"", json::list_of(shapes),
                                 json::did_you_mean(fault.shape, shapes));
        return false;
      })
      .build();
}

}  // namespace

const json::Shape<Fault>& fault_shape() {
  static const json::Shape<Fault> shape = json::converted<Fault, Written>(
      written_shape(),
      [](const Written& written, const json::Cursor&) -> std::optional<Fault> {
        Fault fault;
        fault.id = written.id;
        fault.platforms = joined(written.platform, written.platforms);
        fault.functions = joined(written.function, written.functions);
        fault.hosts = written.hosts;
        fault.family = written.family;
        fault.layer = written.layer;
        fault.shape = written.shape;
        fault.share = written.share.value_or(written.failure_ratio.value_or(1.0));
        fault.latency_factor = written.latency_factor;
        fault.latency = written.latency;
        fault.code = written.code;
        return fault;
      },
      [](const Fault& fault) {
        Written written;
        written.id = fault.id;
        written.platforms = fault.platforms;
        written.functions = fault.functions;
        written.hosts = fault.hosts;
        written.family = fault.family;
        written.layer = fault.layer;
        written.shape = fault.shape;
        written.share = fault.share;
        written.latency_factor = fault.latency_factor;
        written.latency = fault.latency;
        written.code = fault.code;
        return written;
      });
  return shape;
}

const json::Shape<std::vector<Fault>>& faults_shape() {
  static const auto shape = json::list(fault_shape(), 0, 256);
  return shape;
}

std::optional<FaultLayer> parse_layer(std::string_view name) {
  if (name == "login") return FaultLayer::auth;
  if (name == "partial") return FaultLayer::partial_content;
  return parse_enum<FaultLayer>(name);
}

std::vector<std::string> shapes_of(FaultLayer layer) {
  switch (layer) {
    case FaultLayer::dns: return {"servfail", "nxdomain", "refused", "empty", "timeout"};
    case FaultLayer::tcp: return {"reset", "silent"};
    case FaultLayer::tls: return {"garbage", "alert", "close", "wrong_name", "expired"};
    case FaultLayer::http_5xx: return {"mix", "500", "502", "503", "504", "empty", "close", "reset"};
    case FaultLayer::partial_content: return {"truncated", "missing"};
    case FaultLayer::blocked: return {"login", "rate", "captcha"};
    case FaultLayer::api: return {"usual", "400"};
    case FaultLayer::timeout:
    case FaultLayer::stall:
    case FaultLayer::slow:
    case FaultLayer::auth: return {"usual"};
  }
  return {};
}

}  // namespace outaged::sim
