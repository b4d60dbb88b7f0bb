#include "probe/text_template.hpp"

#include <algorithm>

namespace outaged::probe {
namespace {

constexpr const char* kAllowed =
    "\"${var:NAME}\", \"${secret:NAME}\", \"${save:NAME}\" or \"${media:sha256|size|type|name}\"";

template <class Map>
std::vector<std::string> keys_of(const Map& map) {
  std::vector<std::string> keys;
  keys.reserve(map.size());
  for (const auto& [key, value] : map) keys.push_back(key);
  return keys;
}

template <NamedEnum E>
std::vector<std::string> names_of() {
  return {enum_names<E>().begin(), enum_names<E>().end()};
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

std::string media_value(const std::string& name, const Media& media) {
  switch (parse_enum<MediaField>(name).value_or(MediaField::sha256)) {
    case MediaField::sha256: return media.sha256;
    case MediaField::size: return std::to_string(media.content.size());
    case MediaField::type: return media.type;
    case MediaField::name: return media.file_name;
  }
  return {};
}

}  // namespace

std::optional<TextTemplate> TextTemplate::parse(std::string_view text, const json::Cursor& cursor) {
  TextTemplate out;
  out.written_ = std::string{text};
  out.place_ = std::make_shared<const Place>(cursor.file(), cursor.pointer());
  bool whole = true;
  while (!text.empty()) {
    const auto open = text.find("${");
    if (open != 0) {
      out.pieces_.push_back({std::string{text.substr(0, open)}, std::nullopt});
      if (open == std::string_view::npos) break;
      text.remove_prefix(open);
      continue;
    }
    const auto close = text.find('}');
    const auto inner = text.substr(2, close == std::string_view::npos ? close : close - 2);
    const auto colon = inner.find(':');
    const auto source = parse_enum<ValueSource>(inner.substr(0, colon));
    if (close == std::string_view::npos || colon == std::string_view::npos || !source) {
      cursor.fault("\"" + std::string{text.substr(0, close == std::string_view::npos ? close : close + 1)} + "\"",
                   kAllowed, json::did_you_mean(inner.substr(0, colon), names_of<ValueSource>()));
      whole = false;
    } else {
      out.pieces_.push_back({std::string{inner.substr(colon + 1)}, source});
    }
    if (close == std::string_view::npos) break;
    text.remove_prefix(close + 1);
  }
  if (!whole) return std::nullopt;
  return out;
}

void TextTemplate::join_literals() {
  std::vector<Piece> joined;
  for (auto& piece : pieces_) {
    if (!piece.source && !joined.empty() && !joined.back().source) {
      joined.back().text += piece.text;
    } else {
      joined.push_back(std::move(piece));
    }
  }
  joined.shrink_to_fit();
  pieces_ = std::move(joined);
}

bool TextTemplate::bind(const Known& known, json::Faults& faults) {
  bool whole = true;
  const auto unknown = [&](const Piece& piece, std::string_view what, const std::vector<std::string>& names) {
    const Place place = place_ ? *place_ : Place{};
    faults.push_back({place.file, place.pointer, "the unknown " + std::string{what} + " \"" + piece.text + "\"",
                      names.empty() ? "none is defined here" : json::list_of(names),
                      json::did_you_mean(piece.text, names)});
    whole = false;
  };
  for (auto& piece : pieces_) {
    if (!piece.source) continue;
    switch (*piece.source) {
      case ValueSource::var: {
        const auto found = known.fixed->variables.find(piece.text);
        if (found == known.fixed->variables.end()) {
          unknown(piece, "variable", keys_of(known.fixed->variables));
        } else if (!found->second.empty()) {
          piece = {found->second, std::nullopt};
        }
        break;
      }
      case ValueSource::secret: {
        if (!contains(known.required_secrets, piece.text)) {
          unknown(piece, "secret (not in \"requires\")", known.required_secrets);
          break;
        }
        const auto found = known.fixed->secrets.find(piece.text);
        if (found != known.fixed->secrets.end()) piece = {found->second.reveal(), std::nullopt};
        break;
      }
      case ValueSource::save:
        if (!contains(known.saved, piece.text)) unknown(piece, "saved value (of an earlier step)", known.saved);
        break;
      case ValueSource::media:
        if (!parse_enum<MediaField>(piece.text)) {
          unknown(piece, "property of the media", names_of<MediaField>());
        } else if (!known.media) {
          unknown(piece, "media (no step so far generates any)", {});
        }
        break;
    }
  }
  if (whole) {
    place_.reset();
    join_literals();
  }
  return whole;
}

std::string TextTemplate::render(const RunValues& values) const {
  std::string out;
  for (const auto& piece : pieces_) {
    if (!piece.source) {
      out += piece.text;
    } else if (*piece.source == ValueSource::save) {
      if (const auto found = values.saved.find(piece.text); found != values.saved.end()) out += found->second;
    } else if (*piece.source == ValueSource::media && values.media) {
      out += media_value(piece.text, *values.media);
    }
  }
  return out;
}

TextTemplate::Start TextTemplate::start() const {
  Start start;
  for (const auto& piece : pieces_) {
    if (piece.source) return {std::move(start.text), piece.source};
    start.text += piece.text;
  }
  return start;
}

std::string TextTemplate::known_text() const {
  std::string text;
  for (const auto& piece : pieces_) {
    if (!piece.source) text += piece.text;
  }
  return text;
}

bool TextTemplate::has_secret() const {
  return written_.find("${secret:") != std::string::npos;
}

bool TextTemplate::complete(const RunValues& values) const {
  return std::ranges::all_of(pieces_, [&](const Piece& piece) {
    return piece.source != ValueSource::save || values.saved.contains(piece.text);
  });
}

const json::Shape<TextTemplate>& template_shape() {
  static const auto shape = json::converted<TextTemplate, std::string>(
      json::text(),
      [](const std::string& text, const json::Cursor& cursor) { return TextTemplate::parse(text, cursor); },
      [](const TextTemplate& value) { return value.written(); });
  return shape;
}

}  // namespace outaged::probe
