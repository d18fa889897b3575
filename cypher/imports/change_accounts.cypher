// One row: how many accounts of before were set to what the file says now; what it leaves blank stays.
UNWIND $rows AS row
MATCH (account:Record:Account {id: row.id})
SET account.name = coalesce(row.name, account.name),
    account.name_key = coalesce(row.name_key, account.name_key),
    account.domain = coalesce(row.domain, account.domain),
    account.website = coalesce(row.website, account.website),
    account.industry = coalesce(row.industry, account.industry),
    account.industry_key = coalesce(row.industry_key, account.industry_key),
    account.employee_count = coalesce(row.employee_count, account.employee_count),
    account.annual_revenue = coalesce(row.annual_revenue, account.annual_revenue),
    account.annual_revenue_currency = coalesce(row.annual_revenue_currency, account.annual_revenue_currency),
    account.description = coalesce(row.description, account.description)
RETURN count(*) AS count
