#include "probe/clean_up.hpp"

#include <set>

#include "base/log.hpp"
#include "probe/scrub.hpp"

namespace outaged::probe {
namespace {

std::set<std::string> saved_names(const HttpStep& http) {
  std::set<std::string> names;
  const auto list = [&names](const std::map<std::string, TextTemplate>& templates) {
    for (const auto& [name, text] : templates) text.list_saved(names);
  };
  http.url.list_saved(names);
  list(http.headers);
  list(http.query);
  list(http.json_texts);
  if (http.body) http.body->list_saved(names);
  if (http.form) list(*http.form);
  if (!http.multipart) return names;
  for (const auto& field : *http.multipart) {
    if (field.value) field.value->list_saved(names);
  }
  return names;
}

}  // namespace

std::optional<std::map<std::string, std::string>> values_for_clean_up(const Step& step, const RunValues& values,
                                                                      const Redactor& redactor) {
  if (!step.always || !step.http || !step.http->url.complete(values)) return std::nullopt;
  std::set<std::string> in_address;
  step.http->url.list_saved(in_address);
  if (in_address.empty()) return std::nullopt;
  std::map<std::string, std::string> needed;
  for (const auto& name : saved_names(*step.http)) {
    const auto found = values.saved.find(name);
    if (found == values.saved.end()) continue;
    if (redactor.redact(found->second) != found->second || scrubbed(found->second) != found->second) {
      log::warn("what a probe has made is not written down, since its name looks like a credential", {{"value", name}});
      return std::nullopt;
    }
    needed.insert(*found);
  }
  return needed;
}

}  // namespace outaged::probe
