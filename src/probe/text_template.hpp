#pragma once
// Text with values in it: "${var:graph}/me", "Bearer ${secret:whatsapp_token}", "${save:media_id}", "${media:sha256}".
// Parsed once, when the file is read; names are looked up once, when the catalog is made (bind); what only a run knows
// (save, media) is put in by render.
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json/shape.hpp"
#include "base/secret.hpp"
#include "probe/media.hpp"

namespace outaged::probe {

/// Where a value comes from; the word before the colon.
enum class ValueSource { var, secret, save, media };

/// What of the generated media a template can name.
enum class MediaField { sha256, size, type, name };

/// Values that are the same for all runs.
struct FixedValues {
  std::map<std::string, std::string> variables;
  std::map<std::string, Secret> secrets;  ///< those that are set
};

/// Values of one run.
struct RunValues {
  std::map<std::string, std::string> saved;
  std::optional<Media> media;
};

class TextTemplate {
 public:
  TextTemplate() = default;

  struct Piece {
    std::string text;  ///< literal text, or the name behind the colon
    std::optional<ValueSource> source;
    bool operator==(const Piece&) const = default;
  };

  /// Faults are reported to the cursor, which the template remembers for bind().
  static std::optional<TextTemplate> parse(std::string_view text, const json::Cursor& cursor);

  /// What names may occur at this place.
  struct Known {
    const FixedValues* fixed = nullptr;
    std::vector<std::string> required_secrets;  ///< of the definition; set or not
    std::vector<std::string> saved;             ///< by earlier steps
    bool media = false;                         ///< this or an earlier step generates some
  };
  /// Looks up variables and secrets. Unknown names are faults. A variable that is empty and a secret that is required
  /// but not set are no text: a probe that requires them never runs.
  bool bind(const Known& known, json::Faults& faults);

  /// After bind(). Saved names that are missing (an earlier step failed) become empty text.
  [[nodiscard]] std::string render(const RunValues& values) const;

  /// False while a saved value that it names is not there.
  [[nodiscard]] bool complete(const RunValues& values) const;

  /// Adds the names of the saved values in it.
  void list_saved(std::set<std::string>& names) const {
    for (const Piece& piece : pieces_) {
      if (piece.source == ValueSource::save) names.insert(piece.text);
    }
  }

  /// After bind(): the text before the first value that is not known when the file is read, and where that comes from;
  /// nothing: all of it is known.
  struct Start {
    std::string text;
    std::optional<ValueSource> open;
  };
  [[nodiscard]] Start start() const;
  /// After bind(): all that is known when the file is read, one piece after the other.
  [[nodiscard]] std::string known_text() const;
  /// Whether it names a secret: its text is not to be shown.
  [[nodiscard]] bool has_secret() const;

  [[nodiscard]] bool empty() const { return pieces_.empty(); }
  /// As written.
  [[nodiscard]] const std::string& written() const { return written_; }
  bool operator==(const TextTemplate& other) const { return written_ == other.written_; }

 private:
  /// Where it stands, for faults; nothing once it is bound.
  struct Place {
    std::string file;
    std::string pointer;
  };
  /// Literal pieces that have become neighbours are one.
  void join_literals();

  std::string written_;
  std::shared_ptr<const Place> place_;
  std::vector<Piece> pieces_;
};

const json::Shape<TextTemplate>& template_shape();

}  // namespace outaged::probe

namespace outaged {
template <>
inline constexpr auto kEnumNames<probe::ValueSource> = std::to_array<std::string_view>({"var", "secret", "save",
                                                                                        "media"});
template <>
inline constexpr auto kEnumNames<probe::MediaField> = std::to_array<std::string_view>({"sha256", "size", "type",
                                                                                       "name"});
}  // namespace outaged
