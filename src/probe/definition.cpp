#include "probe/definition.hpp"

#include <algorithm>
#include <array>

#include "base/json/parse.hpp"
#include "net/http.hpp"
#include "probe/destination.hpp"
#include "probe/target.hpp"

namespace outaged::probe {
namespace {

using json::Json;

/// A header with a line break in it would be two, and is not sent; other control characters are no part of one either
/// (RFC 9110 §5.5).
void check_header(const TextTemplate& text, const json::Cursor& cursor) {
  const std::string known = text.known_text();
  if (std::ranges::all_of(known, net::is_field_character)) return;
  cursor.fault(json::describe(text.written()) + ", with a line break or another control character in it",
               "one line of text");
}

/// Unknown names, wrong addresses and headers, found in the file itself: also in one whose shape is refused, so that
/// one look at the faults mends it.
class TextCheck {
 public:
  TextCheck(const FixedValues& values, json::Faults& faults) : faults_(faults) { known_.fixed = &values; }

  void read(const Json& definition, const json::Cursor& cursor) {
    for (const auto& secret : below(definition, "requires")) {
      if (secret.is_string()) known_.required_secrets.push_back(secret.get<std::string>());
    }
    const Json& steps = below(definition, "steps");
    if (!steps.is_array()) return;
    for (std::size_t i = 0; i < steps.size(); ++i) read_step(steps[i], cursor.at("steps").at(i));
  }

 private:
  struct Place {
    const char* step;
    const char* key;
    Destination kind;
  };
  static constexpr std::array<Place, 5> kDestinations{{{"http", "url", Destination::page},
                                                       {"tcp", "target", Destination::server},
                                                       {"tls", "target", Destination::server},
                                                       {"dns", "name", Destination::name},
                                                       {"dns", "server", Destination::name_server}}};

  static const Json& below(const Json& value, const char* key) {
    static const Json none = Json::object();
    const auto found = value.is_object() ? value.find(key) : value.end();
    return found == value.end() ? none : *found;
  }

  void read_step(const Json& step, const json::Cursor& cursor) {
    known_.media = known_.media || !below(below(step, "http"), "media").empty();
    for (const char* kind : {"http", "tcp", "tls", "dns"}) texts(below(step, kind), cursor.at(kind));
    for (const auto& place : kDestinations) {
      const auto at = cursor.at(place.step).at(place.key);
      look_at(below(below(step, place.step), place.key), at,
              [&](const TextTemplate& text) { check_destination(place.kind, text, at); });
    }
    if (const Json& headers = below(below(step, "http"), "headers"); headers.is_object()) {
      for (const auto& [name, value] : headers.items()) {
        const auto at = cursor.at("http").at("headers").at(name);
        look_at(value, at, [&](const TextTemplate& text) { check_header(text, at); });
      }
    }
    texts(below(below(step, "expect"), "sha256"), cursor.at("expect").at("sha256"));
    const Json& saved = below(step, "save");
    if (!saved.is_object()) return;
    for (const auto& [name, rule] : saved.items()) known_.saved.push_back(name);
  }

  /// A text all of whose names are known.
  template <class Check>
  void look_at(const Json& value, const json::Cursor& cursor, Check check) {
    json::Faults told_before;
    auto text = template_in(value, cursor.into(told_before));
    if (text && text->bind(known_, told_before)) check(*text);
  }

  static std::optional<TextTemplate> template_in(const Json& value, const json::Cursor& cursor) {
    return value.is_string() ? TextTemplate::parse(value.get_ref<const std::string&>(), cursor) : std::nullopt;
  }

  void texts(const Json& value, const json::Cursor& cursor) {
    json::Faults told_before;
    if (auto text = template_in(value, cursor.into(told_before))) text->bind(known_, faults_);
    if (!value.is_structured()) return;
    for (const auto& [key, child] : value.items()) texts(child, cursor.at(key));
  }

  TextTemplate::Known known_;
  json::Faults& faults_;
};

/// Fills in all values that are known before a run. Of a definition that was checked.
class Binder {
 public:
  Binder(const FixedValues& values, const std::vector<std::string>& secrets, json::Faults& faults) : faults_(faults) {
    known_.fixed = &values;
    known_.required_secrets = secrets;
  }

  void bind(Step& step) {
    if (step.http) bind(*step.http);
    if (step.tcp) bind(step.tcp->target);
    if (step.tls) bind(step.tls->target);
    if (step.dns) bind(step.dns->name);
    if (step.dns && step.dns->server) bind(*step.dns->server);
    if (step.expect.sha256) bind(*step.expect.sha256);
    for (const auto& [name, rule] : step.save) known_.saved.push_back(name);
  }

 private:
  void bind(HttpStep& http) {
    known_.media = known_.media || http.media.has_value();
    bind(http.url);
    for (auto* texts : {&http.headers, &http.query, &http.json_texts}) {
      for (auto& [name, text] : *texts) bind(text);
    }
    if (http.body) bind(*http.body);
    if (http.form) {
      for (auto& [name, text] : *http.form) bind(text);
    }
    if (!http.multipart) return;
    for (auto& field : *http.multipart) {
      if (field.value) bind(*field.value);
    }
  }
  void bind(TextTemplate& text) { text.bind(known_, faults_); }

  TextTemplate::Known known_;
  json::Faults& faults_;
};

}  // namespace

std::optional<Definition> read_definition(const Json& content, const FixedValues& values, const std::string& file,
                                          json::Faults& faults) {
  const json::Cursor cursor(file, faults);
  const auto before = faults.size();
  auto definition = definition_shape().read(content, cursor);
  TextCheck(values, faults).read(content, cursor);
  if (!definition || faults.size() != before) return std::nullopt;
  Binder binder(values, definition->required_secrets, faults);
  for (Step& step : definition->steps) binder.bind(step);
  return faults.size() == before ? definition : std::nullopt;
}

Micros UntilRule::pause_after(std::int64_t attempt) const {
  Micros next = pause;
  for (std::int64_t i = 1; i < attempt && longest_pause && next < *longest_pause; ++i) next *= 2;
  return longest_pause ? std::min(next, *longest_pause) : next;
}

std::optional<std::size_t> Definition::step_named(std::string_view name) const {
  const auto found = std::ranges::find(steps, name, &Step::name);
  return found == steps.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - steps.begin()));
}

std::string Definition::endpoint() const {
  const auto& step = steps.front();
  const RunValues none;
  if (step.http) return host_of(step.http->url.render(none));
  if (step.tcp) return host_of(step.tcp->target.render(none));
  if (step.tls) return host_of(step.tls->target.render(none));
  // All steps of independent questions together are one witness.
  return step.dns->server && !enough ? step.dns->server->render(none) : host_of(step.dns->name.render(none));
}

}  // namespace outaged::probe
