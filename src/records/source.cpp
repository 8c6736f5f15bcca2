#include "records/source.hpp"

#include "records/scan.hpp"

#include <algorithm>
#include <cstring>

namespace assay::records {

namespace {

// A line longer than this is looked at in pieces, so that a file of a single line need not be in memory.
constexpr std::size_t longest_line = std::size_t{4} << 20;
constexpr std::size_t longest_character = 4;

// The end of the piece of a long line that begins at `from`: no character is cut.
std::size_t piece_end(std::string_view text, std::size_t from) {
    std::size_t end = from + longest_line;
    for (std::size_t back = 0; back < longest_character && (text[end] & 0xC0) == 0x80; ++back)
        --end;
    return end;
}

// Calls `call` with each line, in pieces where it is long, and its number, from 1 on.
template<class Call> void each_piece(std::string_view text, const Call& call) {
    LineReader lines(text);
    std::string_view line;
    while (lines.next(line)) {
        while (line.size() > longest_line + longest_character) {
            const std::size_t end = piece_end(line, 0);
            call(line.substr(0, end), lines.number());
            line.remove_prefix(end);
        }
        call(line, lines.number());
    }
}

} // namespace

Stream::Stream(std::string name, const Bytes& bytes, Diagnostics& diagnostics, const std::string& encoding,
               const Limits& limits, std::size_t block)
    : file(std::move(name)), bytes_(bytes), diagnostics_(diagnostics),
      transcoder_(file, bytes, diagnostics, encoding, limits, block) {}

// Behind the last line end of what is not accepted yet; 0: there is none. A CR at the very end may have its
// LF to come.
std::size_t Stream::last_line_end(std::size_t from) const {
    const std::string_view fresh = buffer_.view().substr(from);
    if (const void* feed = memrchr(fresh.data(), '\n', fresh.size()))
        return static_cast<std::size_t>(static_cast<const char*>(feed) - buffer_.view().data()) + 1;
    const void* cr = fresh.empty() ? nullptr : memrchr(fresh.data(), '\r', fresh.size() - 1);
    return cr ? static_cast<std::size_t>(static_cast<const char*>(cr) - buffer_.view().data()) + 1 : 0;
}

bool Stream::grow() {
    buffer_.erase_front(begin_);
    accepted_ -= begin_;
    begin_ = 0;
    for (;;) {
        const std::size_t known = buffer_.size();
        if (!ended_) ended_ = !transcoder_.next(buffer_);
        const std::size_t size = buffer_.size();
        if (ended_) {
            if (size == accepted_) return false;
            accept(size);
            return true;
        }
        if (size == known) continue;
        const std::size_t end = last_line_end(std::max(accepted_, known > 0 ? known - 1 : 0));
        if (end > accepted_) {
            accept(end);
            return true;
        }
        const std::size_t line = size - accepted_ - (buffer_.view().back() == '\r' ? 1 : 0);
        if (line > longest_line + longest_character) {
            accept(piece_end(buffer_.view(), accepted_));
            return true;
        }
    }
}

void Stream::drop(std::size_t count) {
    begin_ += count;
    offset_ += count;
}

std::string Stream::raw_head() const {
    std::string head(std::size_t{1} << 16, '\0');
    head.resize(bytes_.read(0, head.data(), head.size()));
    return head;
}

Source Stream::whole() {
    (void)buffer_.room(bytes_.size());
    while (grow()) {
    }
    return {file, rest(), mapping};
}

// Takes what stands before `end` into the window, repaired where it must be.
void Stream::accept(std::size_t end) {
    const std::string_view region = buffer_.view().substr(accepted_, end - accepted_);
    const Seen seen = look_at(region);
    has_cr_ |= seen.cr;
    const int before = lines_; // counted before the repair, which may join what a control character parted
    lines_ += line_ends(region, has_cr_);
    const bool doubled = seen.high && is_doubled(region);
    if (!transcoder_.archive() && (seen.control || (seen.high && (doubled || !is_utf8(region)))))
        repair(end, before);
    else
        accepted_ = end;
}

// Once for each line, which may come in pieces.
void Stream::tell(int& last, const char* code, int line, const char* message, const char* hint) {
    if (last == line) return;
    last = line;
    diagnostics_.add(code, {file, line, 0}, message, hint);
}

void Stream::repair(std::size_t end, int before) {
    const std::string region(buffer_.view().substr(accepted_, end - accepted_));
    std::string fixed;
    fixed.reserve(region.size());
    std::size_t copied = 0;
    each_piece(region, [&](std::string_view line, int number) {
        const auto at = static_cast<std::size_t>(line.data() - region.data());
        fixed.append(region, copied, at - copied); // the line end before this line
        copied = at + line.size();
        std::string now;
        if (!is_utf8(line)) {
            now = from_windows(line);
            tell(told_.encoding, "record/encoding", before + number,
                 "bytes that are not UTF-8 were read as Windows-1252",
                 "if letters look wrong, give the encoding: --encoding");
        } else if (doubled_ == Doubled::yes) {
            now = undouble(line);
            if (!now.empty())
                tell(told_.doubled, "record/double-encoded", before + number,
                     "letters that were encoded twice were set right");
        }
        if (now.empty()) now = line;
        if (std::any_of(now.begin(), now.end(), is_control)) {
            std::erase_if(now, is_control);
            tell(told_.control, "record/control", before + number, "NUL or control characters were left out");
        }
        fixed += now;
    });
    fixed.append(region, copied, std::string::npos);
    buffer_.replace(accepted_, region.size(), fixed);
    accepted_ += fixed.size();
}

// Whether lines are to be looked at with undouble(): one certain sign anywhere in the file decides for all
// lines. While none was seen, the rest of the file is asked only when a line would change.
bool Stream::is_doubled(std::string_view region) {
    if (doubled_ != Doubled::unknown) return doubled_ == Doubled::yes;
    if (has_doubled(region)) {
        doubled_ = Doubled::yes;
        return true;
    }
    bool matters = false;
    for (std::size_t at = may_be_doubled(region); at != std::string_view::npos && !matters;) {
        const std::size_t begin = region.find_last_of("\r\n", at) + 1; // npos + 1 is 0
        const std::size_t end = std::min(region.find_first_of("\r\n", at), region.size());
        each_piece(region.substr(begin, end - begin), [&](std::string_view line, int) {
            matters = matters || (is_utf8(line) && !undouble(line).empty());
        });
        at = may_be_doubled(region, end);
    }
    if (matters) doubled_ = doubled_anywhere() ? Doubled::yes : Doubled::no;
    return doubled_ == Doubled::yes;
}

bool Stream::doubled_anywhere() const {
    Diagnostics nobody;
    const auto again = transcoder_.again(nobody);
    Buffer text;
    while (again->next(text)) {
        if (has_doubled(text.view())) return true;
        if (text.size() >= longest_sign) text.erase_front(text.size() - (longest_sign - 1));
    }
    return false;
}

bool LineReader::more() {
    if (!stream_) return false;
    stream_->drop(at_);
    const bool grown = stream_->grow();
    for (Next* next : {&feed_, &return_})
        *next = next->at < at_ ? Next{} : Next{next->at - at_, next->found};
    at_ = 0;
    text_ = stream_->rest();
    base_ = stream_->offset();
    return grown;
}

void LineReader::find(char end, Next& next) const {
    if (next.found && next.at >= at_) return;
    const std::size_t from = std::max(next.at, at_);
    const std::size_t found = from < text_.size() ? text_.find(end, from) : std::string_view::npos;
    next.found = found != std::string_view::npos;
    next.at = next.found ? found : text_.size();
}

bool LineReader::next(std::string_view& line) {
    if (at_ >= text_.size() && !more()) return false;
    std::size_t end = 0;
    for (bool grown = true;; grown = more()) {
        find('\n', feed_);
        find('\r', return_);
        end = std::min(feed_.found ? feed_.at : text_.size(), return_.found ? return_.at : text_.size());
        // Behind a CR at the end of the window its LF may come.
        const bool open = end == text_.size() || (end + 1 == text_.size() && text_[end] == '\r');
        if (!open || !grown) break;
    }
    offset_ = base_ + at_;
    ++number_;
    line = text_.substr(at_, end - at_);
    at_ = std::min(end + 1, text_.size());
    if (end + 1 < text_.size() && text_[end] == '\r' && text_[end + 1] == '\n') ++at_;
    return true;
}

} // namespace assay::records
