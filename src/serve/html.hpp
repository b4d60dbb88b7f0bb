#pragma once
// The status page as the server makes it: everything essential, without JavaScript, in the language of its reader
// (page_texts.hpp). The script that comes with it (dashboards/status) then takes over. Pure.
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace outaged::serve {

struct PageTexts;

/// Text as content or attribute value of HTML and XML.
std::string escape_markup(std::string_view text);
/// text_of (json_forms.hpp), escaped.
std::string safe(const nlohmann::json& object, const char* key);

/// `status`, `past`: the documents of the API. `maintenance`: HTML (maintenance.hpp), in the same language.
std::string now_page(const PageTexts& t, const nlohmann::json& status, const nlohmann::json& past,
                     const std::string& maintenance = {});
std::string incidents_page(const PageTexts& t, const nlohmann::json& status, const nlohmann::json& past);
std::string incident_page(const PageTexts& t, const nlohmann::json& incident);
std::string probes_page(const PageTexts& t, const nlohmann::json& probes);
/// `component`: as in the status document.
std::string component_page(const PageTexts& t, const nlohmann::json& component);
/// A page of a few English sentences, which needs no script. `content` is HTML.
std::string simple_frame(const std::string& title, const std::string& content);
/// There is nothing at this address.
std::string missing_page(const PageTexts& t, std::string_view what);

}  // namespace outaged::serve
