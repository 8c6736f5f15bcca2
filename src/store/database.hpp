// A database that understands a little SQL: one SQLite file, or a PostgreSQL server. The store is written
// once on top of it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace assay::store {

/// A parameter of a statement; the first alternative is NULL. Empty text is stored as empty text.
using Value = std::variant<std::monostate, std::int64_t, std::string_view>;

/// A cell of an answer, valid until the next row.
struct Cell {
    std::string_view text; ///< numbers, too
    bool null = false;
    std::int64_t number() const; ///< 0 where it is not one
};

/// What differs between the two in the text of statements.
enum class Dialect { sqlite, postgres };

class Database {
public:
    virtual ~Database() = default;
    Database() = default;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    virtual Dialect dialect() const = 0;
    /// One statement; its parameters are written ?1, ?2, ... `call` gets every row of the answer.
    virtual void query(std::string_view sql, std::span<const Value> parameters,
                       const std::function<void(std::span<const Cell>)>& call) = 0;
    /// Several statements without parameters, separated by semicolons.
    virtual void script(const std::string& sql) = 0;
    /// Begins a transaction that may write; waits for another writer.
    virtual void begin() = 0;
    virtual void commit() = 0;
    virtual void rollback() noexcept = 0;

    void run(std::string_view sql, std::span<const Value> parameters = {});
    /// The first cell of the first row as a number; 0: there is none.
    std::int64_t number(std::string_view sql, std::span<const Value> parameters = {});
};

/// All or nothing: what was not committed is rolled back.
class Transaction {
public:
    explicit Transaction(Database& database) : database_(database) { database_.begin(); }
    ~Transaction() {
        if (!done_) database_.rollback();
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit() {
        database_.commit();
        done_ = true;
    }

private:
    Database& database_;
    bool done_ = false;
};

/// `create`: make the file where there is none. Errors: "store/missing", "store/unreadable", "store/foreign".
std::unique_ptr<Database> open_sqlite(const std::string& file, bool create);

/// `url` as libpq reads it: postgresql://user@host:port/name. Errors: "store/unreachable";
/// "store/no-postgres" where the module for it is missing (assay was built without libpqxx).
std::unique_ptr<Database> open_postgres(const std::string& url);

/// Whether postgresql:// can be opened at all in this build.
bool has_postgres();

} // namespace assay::store
